package store_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

func (o office) recipients(ref casework.Reference, kind casework.MailKind, about string) []string {
	o.t.Helper()
	to, err := o.Recipients(o.t.Context(), casework.MailInput{Reference: ref, Kind: kind, About: about})
	require.NoError(o.t, err)
	var addresses []string
	for _, r := range to {
		addresses = append(addresses, r.Address)
	}
	return addresses
}

// Issue C, point 3: lead, then chief, then operations; where a level is not there, the next one is told.
func TestRecipients_OfAnEscalation(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	holder := o.allocate(ref).Assignee
	set := func(sql string, args ...any) {
		_, err := o.Pool().Exec(t.Context(), sql, args...)
		require.NoError(t, err)
	}
	lead, chief, operations := string(casework.ActEscalateLead), string(casework.ActEscalateChief), string(casework.ActEscalateOperations)
	set("UPDATE performers SET rank = 'senior', leader = NULL")
	require.Empty(t, o.recipients(ref, casework.MailEscalation, lead), "nobody: operations are told")
	set("UPDATE performers SET rank = 'chief' WHERE id = 'ex-1006'")
	require.Equal(t, []string{"ex-1006@cambria.example"}, o.recipients(ref, casework.MailEscalation, lead))
	set("UPDATE performers SET leader = 'ex-1001' WHERE id = $1", holder)
	require.Equal(t, []string{"ex-1001@cambria.example"}, o.recipients(ref, casework.MailEscalation, lead))
	require.Equal(t, []string{"ex-1006@cambria.example"}, o.recipients(ref, casework.MailEscalation, chief))
	require.Empty(t, o.recipients(ref, casework.MailEscalation, operations), "their address is configuration")
	set("UPDATE performers SET rank = 'chief' WHERE id = $1", holder)
	require.Equal(t, []string{"ex-1006@cambria.example"}, o.recipients(ref, casework.MailEscalation, chief), "nobody hears of themselves")
	set("UPDATE performers SET roles = '{moderator}' WHERE id = 'ex-1006'")
	require.Empty(t, o.recipients(ref, casework.MailEscalation, chief), "a chief of moderators is no chief of examiners")
	set("UPDATE performers SET roles = '{reviewer}' WHERE id = 'ex-1006'")
	set("UPDATE performers SET active = false WHERE id IN ('ex-1001', 'ex-1006')")
	require.Empty(t, o.recipients(ref, casework.MailEscalation, lead), "nobody writes to who has left")
}

func TestRecipients_ThePerformersMailsGoToTheHolder(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	holder := o.allocate(ref).Assignee + "@cambria.example"
	for _, kind := range []casework.MailKind{casework.MailTask, casework.MailReminder, casework.MailNudge} {
		require.Equal(t, []string{holder}, o.recipients(ref, kind, ""), kind)
	}
	for _, kind := range []casework.MailKind{casework.MailWarning, casework.MailBreach} {
		require.Equal(t, []string{holder}, o.recipients(ref, kind, casework.AboutHolder), kind)
		require.Empty(t, o.recipients(ref, kind, ""), kind)
	}
	for _, kind := range []casework.MailKind{casework.MailHeld, casework.MailResumed, casework.MailChase, casework.MailLapsed} {
		require.Equal(t, []string{amira.Address}, o.recipients(ref, kind, ""), kind)
	}
	require.Empty(t, o.recipients(ref, casework.MailLapsed, casework.AboutOperations))
}

func TestRecipients_OfAQuestionAndItsAnswer(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	holder := o.allocate(ref).Assignee
	var id int64
	require.NoError(t, o.Pool().QueryRow(t.Context(), `INSERT INTO task_questions (task, asked_by, asked_at, question, leader)
		VALUES ($1, $2, $3, 'Is a method mark due here?', 'ex-1001') RETURNING id`, casework.TaskOf(ref, 1), holder, later).Scan(&id))
	about := strconv.FormatInt(id, 10)
	require.Equal(t, []string{"ex-1001@cambria.example"}, o.recipients(ref, casework.MailQuestion, about))
	require.Equal(t, []string{holder + "@cambria.example"}, o.recipients(ref, casework.MailAnswer, about))
	require.Empty(t, o.recipients(o.open(of("4002", "M1-01")), casework.MailQuestion, about), "the question is another case's")
}

// Recipients of a mail that has no address of its own for them are nobody's.
func TestMarkMailSent_WhatOperationsAreToldTheCentreDoesNotRead(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	for _, about := range []string{"", casework.AboutOperations} {
		in := casework.MailInput{Reference: ref, Kind: casework.MailLapsed, Number: 1, Clock: casework.ClockSample, About: about, At: later}
		mails, err := o.PrepareMails(t.Context(), in, []docket.Recipient{amira}, later)
		require.NoError(t, err)
		require.NoError(t, o.MarkMailSent(t.Context(), mails[0].ID, "m"+about, later))
	}
	entries, err := o.Timeline(t.Context(), ref, true)
	require.NoError(t, err)
	require.Len(t, entries, 2, "the request and the one mail to the centre")
}
