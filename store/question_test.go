package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

func TestAsk_GoesToTheLeaderAndLeavesTheTaskWhereItIs(t *testing.T) {
	t.Parallel()
	o := led(t)
	ref := o.open()
	given := o.allocate(ref)
	question, err := o.Ask(t.Context(), given.Sheet.Task, first, "Is the alternative method in Q3 creditworthy?", soon)
	require.NoError(t, err)
	require.Equal(t, docket.Question{
		ID: question.ID, Task: given.Sheet.Task, AskedBy: first, AskedAt: soon, Question: "Is the alternative method in Q3 creditworthy?", Leader: boss,
	}, question)
	again, err := o.Ask(t.Context(), given.Sheet.Task, first, question.Question, soon.Add(time.Minute))
	require.NoError(t, err)
	require.Equal(t, question, again, "nobody is asked twice")
	require.Equal(t, 1, o.openTasks(first))

	_, err = o.Ask(t.Context(), given.Sheet.Task, second, "May I see it?", soon)
	fault(t, err, casework.NotFound, "unknown-task")
	_, err = o.Ask(t.Context(), given.Sheet.Task, first, " ", soon)
	fault(t, err, casework.Invalid, casework.FaultTextMissing)
	o.decide(ref, given, nil)
	_, err = o.Ask(t.Context(), given.Sheet.Task, first, "And Q4?", soon)
	fault(t, err, casework.Conflict, casework.FaultAlreadyCompleted)
}

func TestAnswer_IsTheLeadersAndGivenOnce(t *testing.T) {
	t.Parallel()
	o := led(t)
	ref := o.open()
	task := o.allocate(ref).Sheet.Task
	question, err := o.Ask(t.Context(), task, first, "Q3?", soon)
	require.NoError(t, err)
	for _, stranger := range []string{first, second} {
		_, err = o.Answer(t.Context(), question.ID, examiner(stranger), "Yes.", soon)
		fault(t, err, casework.Forbidden, casework.FaultNotTheLeader)
	}
	_, err = o.Answer(t.Context(), question.ID, examiner(boss), "", soon)
	fault(t, err, casework.Invalid, casework.FaultTextMissing)
	_, err = o.Answer(t.Context(), question.ID+1, examiner(boss), "Yes.", soon)
	fault(t, err, casework.NotFound, "unknown-question")

	answered, err := o.Answer(t.Context(), question.ID, examiner(boss), "Yes, for both marks.", soon.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, boss, answered.AnsweredBy)
	require.Equal(t, soon.Add(time.Hour), answered.AnsweredAt)
	again, err := o.Answer(t.Context(), question.ID, examiner(boss), "Yes, for both marks.", soon.Add(2*time.Hour))
	require.NoError(t, err)
	require.Equal(t, answered, again)
	_, err = o.Answer(t.Context(), question.ID, examiner(boss), "No.", soon)
	fault(t, err, casework.Conflict, casework.FaultQuestionAnswered)
	next, err := o.Ask(t.Context(), task, first, "Q3?", soon.Add(3*time.Hour))
	require.NoError(t, err)
	require.NotEqual(t, question.ID, next.ID, "once answered, the same words are a new question")
}

func TestQuestions_AreListedToWhoAskedAndWhoIsAsked(t *testing.T) {
	t.Parallel()
	o := led(t)
	ref := o.open()
	task := o.allocate(ref).Sheet.Task
	one, err := o.Ask(t.Context(), task, first, "Q1?", soon)
	require.NoError(t, err)
	two, err := o.Ask(t.Context(), task, first, "Q2?", soon)
	require.NoError(t, err)
	answered, err := o.Answer(t.Context(), one.ID, operations, "Yes.", soon)
	require.NoError(t, err, "operations help out")
	for _, performer := range []string{first, boss} {
		listed, err := o.Questions(t.Context(), performer, false)
		require.NoError(t, err)
		require.Equal(t, []docket.Question{two, answered}, listed)
		open, err := o.Questions(t.Context(), performer, true)
		require.NoError(t, err)
		require.Equal(t, []docket.Question{two}, open)
	}
	others, err := o.Questions(t.Context(), second, false)
	require.NoError(t, err)
	require.Empty(t, others)

	o.sql("UPDATE performers SET leader = NULL")
	three, err := o.Ask(t.Context(), task, first, "Q3?", soon)
	require.NoError(t, err)
	require.Empty(t, three.Leader, "operations are asked by those whom nobody leads")
	desk, err := o.Questions(t.Context(), "", true)
	require.NoError(t, err)
	require.Equal(t, []docket.Question{three, two}, desk, "and see what everybody asks")
}

func TestUntoldQuestions_AreThoseThatNobodyWasMailedAbout(t *testing.T) {
	t.Parallel()
	o := led(t)
	ref := o.open()
	task := o.allocate(ref).Sheet.Task
	untold := func() []casework.MailInput {
		listed, err := o.UntoldQuestions(t.Context())
		require.NoError(t, err)
		return listed
	}
	require.Empty(t, untold())
	one, err := o.Ask(t.Context(), task, first, "Q1?", soon)
	require.NoError(t, err)
	two, err := o.Ask(t.Context(), task, first, "Q2?", soon.Add(time.Minute))
	require.NoError(t, err)
	mails := untold()
	require.Len(t, mails, 2)
	require.Equal(t, casework.MailInput{Reference: ref, Kind: casework.MailQuestion, Number: 1, About: mails[0].About, At: soon}, mails[0])
	tell := func(mail casework.MailInput) {
		prepared, err := o.PrepareMails(t.Context(), mail, []docket.Recipient{amira}, soon)
		require.NoError(t, err)
		require.Contains(t, untold(), mail, "prepared is not sent")
		require.NoError(t, o.MarkMailSent(t.Context(), prepared[0].ID, "m", soon))
	}
	tell(mails[0])
	require.Equal(t, mails[1:], untold())

	_, err = o.Answer(t.Context(), two.ID, examiner(boss), "Yes.", soon.Add(time.Hour))
	require.NoError(t, err)
	answer := untold()
	require.Len(t, answer, 1, "what is answered already is told as an answer only")
	require.Equal(t, casework.MailAnswer, answer[0].Kind)
	require.Equal(t, mails[1].About, answer[0].About)
	tell(answer[0])
	require.Empty(t, untold())
	require.NotEqual(t, one.ID, two.ID)
}
