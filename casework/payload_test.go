package casework_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
)

// payloads are the types that stand in the histories of running cases.
func payloads() []any {
	return []any{
		casework.EnquiryInput{},
		casework.EnquiryResult{},
		casework.OpenInput{},
		casework.Opened{},
		casework.StepKey{},
		casework.Allocated{},
		casework.TaskSheet{},
		casework.CompleteRequest{},
		casework.Completed{},
		casework.DecideInput{},
		casework.Decided{},
		casework.Settled{},
		casework.SettledNotice{},
		casework.Released{},
		casework.AlertInput{},
		casework.Alerted{},
		casework.RefusedInput{},
		casework.TaskRequest{},
		casework.TaskInput{},
		casework.TaskDone{},
		casework.HoldRequest{},
		casework.HoldInput{},
		casework.ResumeRequest{},
		casework.ResumeInput{},
		casework.Held{},
		casework.NudgeRequest{},
		casework.NudgeInput{},
		casework.Nudged{},
		casework.RecalculateRequest{},
		casework.RecalculateInput{},
		casework.Recalculation{},
		casework.Recalculated{},
		casework.MailInput{},
		casework.MailResult{},
		casework.CaseInput{},
		casework.FileRef{},
		casework.Fault{},
		casework.InvoiceRunInput{},
		casework.InvoiceRunResult{},
		casework.InvoiceIssue{},
		casework.InvoiceDelivery{},
	}
}

// filled sets every field of a value, at every depth, to something that is not its zero.
func filled(v reflect.Value, path string) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2026, time.October, 13, 23, 30, 0, 123_456_789, time.UTC)))
		return
	case calendar.Date:
		v.Set(reflect.ValueOf(calendar.Date{Year: 2026, Month: time.October, Day: 14}))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			filled(v.Field(i), path+"."+v.Type().Field(i).Name)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		filled(v.Elem(), path)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		filled(v.Index(0), path+"[0]")
		filled(v.Index(1), path+"[1]")
	case reflect.String:
		v.SetString(path)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(len(path)))
	case reflect.Bool:
		v.SetBool(true)
	default:
		panic(fmt.Sprintf("%s: the test knows no value of kind %s", path, v.Kind()))
	}
}

func TestPayload_NothingIsLostOnTheWayThroughHistory(t *testing.T) {
	t.Parallel()
	for _, zero := range payloads() {
		kind := reflect.TypeOf(zero)
		t.Run(kind.Name(), func(t *testing.T) {
			t.Parallel()
			sent := reflect.New(kind)
			filled(sent.Elem(), kind.Name())
			text, err := json.Marshal(sent.Interface())
			require.NoError(t, err)
			received := reflect.New(kind)
			require.NoError(t, json.Unmarshal(text, received.Interface()))
			require.Equal(t, sent.Interface(), received.Interface())
		})
	}
}

// A field without a name of its own would be renamed with the Go field, and running cases would lose it.
func TestPayload_EveryFieldHasAFixedNameInLowerCamelCase(t *testing.T) {
	t.Parallel()
	seen := map[reflect.Type]bool{}
	var walk func(kind reflect.Type)
	walk = func(kind reflect.Type) {
		switch {
		case kind.Kind() == reflect.Pointer || kind.Kind() == reflect.Slice:
			walk(kind.Elem())
			return
		case kind.Kind() != reflect.Struct || seen[kind] || kind == reflect.TypeFor[time.Time]() || kind == reflect.TypeFor[calendar.Date]():
			return
		}
		seen[kind] = true
		for i := range kind.NumField() {
			field := kind.Field(i)
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			require.Regexpf(t, `^[a-z][a-zA-Z0-9]*$`, name, "%s.%s has no name in a payload", kind.Name(), field.Name)
			walk(field.Type)
		}
	}
	for _, zero := range payloads() {
		walk(reflect.TypeOf(zero))
	}
	require.Contains(t, seen, reflect.TypeFor[casework.Completion](), "nested types are looked at too")
}

// Names, free text of people and file contents stay out of histories (architecture §3.12); the free text that an
// operator gives for acting on behalf of somebody is the one exception.
func TestPayload_CarriesNoNamesAndNoFileContents(t *testing.T) {
	t.Parallel()
	for _, zero := range payloads() {
		value := reflect.New(reflect.TypeOf(zero))
		filled(value.Elem(), "x")
		text, err := json.Marshal(value.Interface())
		require.NoError(t, err)
		for _, word := range []string{"candidateName", "centreName", "email", "address", "body\":\"JVBER", "content"} {
			require.NotContainsf(t, string(text), word, "%T", zero)
		}
	}
}
