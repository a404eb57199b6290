package main_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/rulebook"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/store/storetest"
)

func TestHealthcheck_OnlyA200IsWell(t *testing.T) {
	t.Parallel()
	for status, well := range map[int]bool{
		http.StatusOK: true, http.StatusServiceUnavailable: false, http.StatusNotFound: false, http.StatusNoContent: false,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/readyz" {
				http.NotFound(w, r)
				return
			}
			w.WriteHeader(status)
		}))
		got := recourse(t, nil, "healthcheck", server.URL+"/readyz")
		server.Close()
		if well {
			require.Equal(t, outcome{}, got, "silence is golden in a container's log")
			continue
		}
		require.Equal(t, 1, got.status, status)
		require.Contains(t, got.errors, server.URL+"/readyz answered")
		require.Contains(t, got.errors, http.StatusText(status))
	}
}

func TestHealthcheck_NobodyThereIsNotWell(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	got := recourse(t, nil, "healthcheck", server.URL)
	require.Equal(t, 1, got.status)
	require.Contains(t, got.errors, "ask "+server.URL)
}

// opened is a case in a register, for mails and audit trails.
func opened(t *testing.T, register *store.Store) casework.Reference {
	t.Helper()
	book, err := rulebook.Load()
	require.NoError(t, err)
	ref := casework.NewReference([]byte("a hash of thirty-two bytes or so"))
	got, err := register.OpenCase(t.Context(), casework.OpenInput{At: storetest.Now, Enquiry: casework.EnquiryInput{
		Reference: ref, Actor: casework.Actor{Subject: storetest.ExamsOfficer, Role: casework.RolePostResults}, ReceivedAt: storetest.Now,
		RequestSHA256: strings.Repeat("0", 64),
		Request: casework.EnquiryRequest{
			Service: casework.ClericalCheck, CentreNumber: storetest.Centre, CandidateNumber: "4001", Series: storetest.Series,
			Component: storetest.Maths1, ConsentGivenOn: calendar.Date{Year: 2026, Month: time.August, Day: 24}, Reason: casework.ReasonNearBoundary,
		},
	}}, book.Assess)
	require.NoError(t, err)
	require.Nil(t, got.Refusal)
	return ref
}

func settingsOf(register *store.Store) map[string]string {
	return map[string]string{"RECOURSE_DATABASE_URL": register.Pool().Config().ConnString()}
}

// architecture §6: what is in doubt is detected and reported.
func TestMails_ListsWhatAPersonShouldLookAt(t *testing.T) {
	t.Parallel()
	register := storetest.Seeded(t)
	ref := opened(t, register)
	header := "ROW  ABOUT  KIND  TO  STATE  REPEATED\n"
	require.Equal(t, outcome{out: header}, recourse(t, settingsOf(register), "mails"))

	mails, err := register.PrepareMails(t.Context(), casework.MailInput{Reference: ref, Kind: casework.MailAcknowledgement, Number: 1, At: storetest.Now}, []docket.Recipient{
		{Name: "A", Address: "lost@ashdown.example"},
		{Name: "B", Address: "refused@ashdown.example"},
		{Name: "C", Address: "sent@ashdown.example"},
		{Name: "D", Address: "new@ashdown.example"},
		{Name: "E", Address: "twice@ashdown.example"},
	}, time.Time{})
	require.NoError(t, err)
	for i, mark := range []func(id int64) error{
		func(id int64) error { return register.MarkMailUncertain(t.Context(), id, storetest.Now) },
		func(id int64) error { return register.MarkMailRefused(t.Context(), id, "suppressed", storetest.Now) },
		func(id int64) error { return register.MarkMailSent(t.Context(), id, "ses-3", storetest.Now) },
		nil,
		func(id int64) error {
			if err := register.MarkMailUncertain(t.Context(), id, storetest.Now); err != nil {
				return err
			}
			if _, err := register.ClaimMail(t.Context(), id, storetest.Now, true); err != nil {
				return err
			}
			return register.MarkMailSent(t.Context(), id, "ses-5", storetest.Now)
		},
	} {
		if mark == nil {
			continue
		}
		claimed, err := register.ClaimMail(t.Context(), mails[i].ID, storetest.Now, false)
		require.NoError(t, err)
		require.True(t, claimed)
		require.NoError(t, mark(mails[i].ID))
	}
	got := recourse(t, settingsOf(register), "mails")
	require.Zero(t, got.status, got.errors)
	require.Equal(t, []string{
		"ROW  ABOUT               KIND             TO                       STATE      REPEATED",
		"5    " + string(ref) + "  acknowledgement  twice@ashdown.example    sent       true",
		"2    " + string(ref) + "  acknowledgement  refused@ashdown.example  refused    false",
		"1    " + string(ref) + "  acknowledgement  lost@ashdown.example     uncertain  false",
	}, strings.Split(strings.TrimSpace(got.out), "\n"))
}

func TestVerify_FindsAChangedAuditTrail(t *testing.T) {
	t.Parallel()
	register := storetest.Seeded(t)
	ref := opened(t, register)
	require.Equal(t, outcome{out: "1 audit chains are whole\n"}, recourse(t, settingsOf(register), "verify"))
	require.Equal(t, outcome{out: "1 audit chains are whole\n"}, recourse(t, settingsOf(register), "verify", string(ref)))

	wrong := recourse(t, settingsOf(register), "verify", "R-2345")
	require.Equal(t, 1, wrong.status)
	require.Contains(t, wrong.errors, "R-2345")
	require.Empty(t, wrong.out)

	_, err := register.Pool().Exec(t.Context(), "UPDATE audit_entries SET actor = jsonb_set(actor, '{subject}', '\"somebody\"') WHERE reference = $1", ref)
	require.NoError(t, err)
	changed := recourse(t, settingsOf(register), "verify")
	require.Equal(t, 1, changed.status)
	require.Contains(t, changed.errors, string(ref))
}

func TestMigrate_BringsAnEmptyDatabaseUpToDateAndMayBeRepeated(t *testing.T) {
	t.Parallel()
	url := storetest.Database(t)
	settings := map[string]string{"RECOURSE_DATABASE_URL": url}
	for range 2 {
		got := recourse(t, settings, "migrate")
		require.Zero(t, got.status, got.errors)
	}
	register, err := store.Open(t.Context(), url)
	require.NoError(t, err)
	defer register.Close()
	require.NoError(t, register.SchemaCurrent(t.Context()))
}
