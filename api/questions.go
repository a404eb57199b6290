package api

import (
	"context"

	"github.com/recourse-exams/recourse/casework/docket"
)

// AskQuestion sends a question about a task to the leader of who holds it; the task stays where it is.
func (s *Server) AskQuestion(ctx context.Context, in AskQuestionRequestObject) (AskQuestionResponseObject, error) {
	task, _, err := s.ownTask(ctx, in.Reference, in.Number)
	if err != nil {
		return nil, err
	}
	received, _ := s.received(ctx)
	asked, err := s.team.Ask(ctx, task.ID, personOf(ctx).Subject, in.Body.Question, received)
	if err != nil {
		return nil, err
	}
	return AskQuestion201JSONResponse(questionView(asked)), nil
}

// ListQuestions lists what the person asked or may answer, everybody's to the awarding body.
func (s *Server) ListQuestions(ctx context.Context, in ListQuestionsRequestObject) (ListQuestionsResponseObject, error) {
	questions, err := s.team.Questions(ctx, ownOrAll(ctx), in.Params.Open)
	if err != nil {
		return nil, err
	}
	page := QuestionList{Items: make([]Question, len(questions))}
	for i, question := range questions {
		page.Items[i] = questionView(question)
	}
	return ListQuestions200JSONResponse(page), nil
}

// AnswerQuestion answers a question: its leader does, or operations where nobody leads who asked.
func (s *Server) AnswerQuestion(ctx context.Context, in AnswerQuestionRequestObject) (AnswerQuestionResponseObject, error) {
	person := personOf(ctx)
	role := bodyRole(person)
	if role == "" {
		role = performerRole(person)
	}
	received, _ := s.received(ctx)
	answered, err := s.team.Answer(ctx, in.Question, actor(person, role), in.Body.Answer, received)
	if err != nil {
		return nil, err
	}
	return AnswerQuestion200JSONResponse(questionView(answered)), nil
}

// ownOrAll is whose entries of the team's lists the person reads: their own, or, if they work for the awarding body,
// everybody's, which is empty.
func ownOrAll(ctx context.Context) string {
	person := personOf(ctx)
	if person.Holds(bodyReaders()...) {
		return ""
	}
	return person.Subject
}

func questionView(q docket.Question) Question {
	return Question{
		ID: q.ID, Task: string(q.Task), TaskHref: taskHref(q.Task), AskedBy: q.AskedBy, AskedAt: q.AskedAt, Question: q.Question,
		Leader: q.Leader, AnsweredBy: q.AnsweredBy, AnsweredAt: q.AnsweredAt, Answer: q.Answer,
	}
}
