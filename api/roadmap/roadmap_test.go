package roadmap_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/api/roadmap"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/rulebook"
)

func from(clause string, confirmed bool) policy.Provenance {
	return policy.Provenance{Clause: clause, Source: "Guide", Confirmed: confirmed}
}

func days(n int) policy.Span { return policy.Span{Amount: n, Unit: policy.CalendarDays} }

// body offers a check, a review at two prices and an appeal whose fee nobody published.
func body() policy.Policy {
	offered := func(service casework.Service, title string, w policy.WindowRule, outcome int, strategy fee.Strategy) policy.Service {
		return policy.Service{
			Service: service, Title: title, Window: w,
			Clocks: []policy.ClockRule{{ID: casework.ClockOutcome, Kind: casework.ClockSLA, Starts: policy.Received, Span: days(outcome), Provenance: from("clock", true)}},
			Fees:   []policy.FeeRule{{Code: fee.Code(service), For: policy.ForRequest, Waiver: fee.Waiver{Strategy: strategy, Confirmed: true}}},
		}
	}
	p := policy.Policy{
		Version: "body-2026.1", Title: "A body, June 2026", ValidFrom: calendar.Date{Year: 2026, Month: 1, Day: 1},
		Services: []policy.Service{
			offered(casework.ClericalCheck, "Service 1 <check> & more", policy.WindowRule{Anchor: policy.AnchorGCSERelease, Span: days(35), Provenance: from("window", true)}, 10, fee.AlwaysFree),
			offered(casework.ReviewOfMarking, "Service 2", policy.WindowRule{Anchor: policy.AnchorGCSERelease, Span: days(35), Provenance: from("window", false)}, 20, fee.LinkedAwardGrade),
			offered(casework.Appeal, "Appeal", policy.WindowRule{Anchor: policy.AnchorOutcome, Span: days(14), Provenance: from("window", true)}, 42, fee.AppealUpheld),
		},
		Tariff: []policy.Price{
			{Code: "clerical-check", FromLevel: 1, ToLevel: 8, Provenance: from("row", true)},
			{Code: "review-of-marking", FromLevel: 1, ToLevel: 2, Pence: 6200, Provenance: from("row", true)},
			{Code: "review-of-marking", FromLevel: 3, ToLevel: 3, Pence: 6600, Provenance: from("row", true)},
			{Code: "appeal", FromLevel: 1, ToLevel: 8, Unpublished: true, Provenance: from("row", false)},
		},
	}
	p.Services[2].Clocks[0].Kind = casework.ClockTarget
	return p
}

func roads() policy.RoadMap {
	return policy.RoadMap{Family: "demo", Title: "From results to appeal", Provenance: from("page 1", true), Steps: []policy.RoadStep{
		{Text: "Results day"},
		{Service: casework.ClericalCheck, Text: "Was it added up?", After: []int{1}},
		{Service: casework.ReviewOfMarking, Text: "Was the scheme applied?", After: []int{1, 2}},
		{Service: casework.Appeal, Text: "Still concerned?", After: []int{2, 3}},
		{Service: casework.Appeal, Text: "Again", After: []int{4}},
	}}
}

func TestText_SaysEachStationWithItsRules(t *testing.T) {
	t.Parallel()
	require.Equal(t, `From results to appeal
======================
A body, June 2026

 1  Results day

 2  Service 1 <check> & more  (after 1)
    Was it added up?
      Ask by       35 calendar days from GCSE results day
      Outcome      10 calendar days from receipt of the request
      Fee          free

 3  Service 2  (after 1 or 2)
    Was the scheme applied?
      Ask by       35 calendar days from GCSE results day *
      Outcome      20 calendar days from receipt of the request
      Fee          £62.00 at levels 1 to 2, £66.00 at level 3; waived, with those of all linked requests, if the grade of the award changes, up or down

 4  Appeal  (after 2 or 3)
    Still concerned?
      Ask by       14 calendar days from the outcome
      Outcome      aimed at: 42 calendar days from receipt of the request
      Fee          not published; waived if the appeal is upheld, in whole or in part *

 5  Appeal  (after 4)
    Again

Source: Guide, page 1. Rules: body-2026.1, valid from Thursday 1 January 2026.
* A reading that no published text confirms.
`, roadmap.Text(body(), roads()))
}

// A figure that is known for one level only is never taken for that of another.
func TestText_AFigureOfOneLevelSaysThatTheOthersAreNotPublished(t *testing.T) {
	t.Parallel()
	p := body()
	p.Tariff[1].Unpublished = true
	require.Contains(t, roadmap.Text(p, roads()), "Fee          £66.00 at level 3, elsewhere not published; waived")
	p.Tariff = p.Tariff[:1]
	require.Contains(t, roadmap.Text(p, roads()), "Fee          waived if the appeal is upheld, in whole or in part\n", "without a row there is only the rule")
}

func TestText_AFictionalBodyIsCalledSo(t *testing.T) {
	t.Parallel()
	p := body()
	p.Fictional = true
	require.Contains(t, roadmap.Text(p, roads()), "A fictional awarding body")
	require.Contains(t, string(roadmap.SVG(p, roads())), "A fictional awarding body")
}

// drawn is what a picture holds, read from its SVG.
type drawn struct {
	width, height float64
	cards         [][4]float64
	tracks, heads int
	texts         []string
}

func read(t require.TestingT, picture []byte) drawn {
	var d drawn
	decoder := xml.NewDecoder(strings.NewReader(string(picture)))
	inText := false
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return d
		}
		require.NoError(t, err, "the picture is well-formed")
		switch e := token.(type) {
		case xml.StartElement:
			inText = e.Name.Local == "text"
			d.element(t, e)
		case xml.CharData:
			if inText && strings.TrimSpace(string(e)) != "" {
				d.texts = append(d.texts, string(e))
			}
		case xml.EndElement:
			inText = false
		}
	}
}

func (d *drawn) element(t require.TestingT, e xml.StartElement) {
	of := map[string]string{}
	for _, a := range e.Attr {
		of[a.Name.Local] = a.Value
		require.NotContains(t, a.Value, "NaN")
		require.NotContains(t, a.Value, "Inf")
	}
	number := func(name string) float64 {
		value, err := strconv.ParseFloat(of[name], 64)
		require.NoError(t, err, "%s of %s", name, e.Name.Local)
		return value
	}
	switch {
	case e.Name.Local == "svg":
		d.width, d.height = number("width"), number("height")
	case of["class"] == "card":
		d.cards = append(d.cards, [4]float64{number("x"), number("y"), number("width"), number("height")})
	case of["class"] == "track":
		d.tracks++
	case of["class"] == "head":
		d.heads++
	}
}

func TestSVG_ShowsEveryStationOnceAndEveryWay(t *testing.T) {
	t.Parallel()
	picture := roadmap.SVG(body(), roads())
	d := read(t, picture)
	require.Len(t, d.cards, 5)
	require.Equal(t, 4, d.heads, "1-2, 2-3, 3-4, 4-5: the others lie on these")
	all := strings.Join(d.texts, " ")
	for _, words := range []string{"Results day", "Service 1 <check> & more", "Was the scheme applied?", "Also straight from 1", "Also straight from 2", "free", "£66.00 at level 3"} {
		require.Contains(t, all, words)
	}
	require.Contains(t, string(picture), "<title id=\"title\">From results to appeal</title>")
	require.Contains(t, string(picture), "Was it added up?\n      Ask by", "the description says for those who listen what the text says")
	require.NotContains(t, string(picture), "href", "nothing is loaded")
	require.NotContains(t, string(picture), "<script")
}

// TestSVG_OfEveryPublishedMapNothingTouchesOrLeavesThePaper: all maps of the rulebook.
func TestSVG_OfEveryPublishedMapNothingTouchesOrLeavesThePaper(t *testing.T) {
	t.Parallel()
	book, err := rulebook.Load()
	require.NoError(t, err)
	maps := 0
	for _, set := range book.Sets() {
		for _, p := range book.Versions(set) {
			for _, m := range p.RoadMaps {
				maps++
				d := read(t, roadmap.SVG(p, m))
				require.Len(t, d.cards, len(m.Steps), m.Family)
				requireApart(t, d)
				for i := range m.Steps {
					require.Contains(t, roadmap.Text(p, m), fmt.Sprintf("\n%2d  ", i+1), m.Family)
				}
			}
		}
	}
	require.GreaterOrEqual(t, maps, 6)
}

// requireApart holds that cards lie on the paper and beside each other.
func requireApart(t require.TestingT, d drawn) {
	for i, a := range d.cards {
		require.True(t, a[0] >= 0 && a[1] >= 0 && a[0]+a[2] <= d.width && a[1]+a[3] <= d.height, "card %d leaves the paper: %v", i, a)
		for _, b := range d.cards[:i] {
			apart := a[0]+a[2] <= b[0] || b[0]+b[2] <= a[0] || a[1]+a[3] <= b[1] || b[1]+b[3] <= a[1]
			require.True(t, apart, "%v lies on %v", a, b)
		}
	}
}

// TestSVG_AnyMapIsDrawnAndEveryLineRunsDownwards: whatever leads where.
func TestSVG_AnyMapIsDrawnAndEveryLineRunsDownwards(t *testing.T) {
	t.Parallel()
	track := regexp.MustCompile(`class="track" d="M[-\d.]+ ([-\d.]+) V([-\d.]+) C.* ([-\d.]+)"/>`)
	rapid.Check(t, func(t *rapid.T) {
		m := policy.RoadMap{Family: "any", Title: rapid.StringMatching(`[A-Za-z ]{1,90}`).Draw(t, "title")}
		for i := range rapid.IntRange(1, 14).Draw(t, "steps") {
			step := policy.RoadStep{Text: rapid.StringMatching(`[A-Za-z<>&"' ]{1,120}`).Draw(t, "text")}
			if i > 0 {
				step.After = rapid.SliceOfNDistinct(rapid.IntRange(1, i), 0, 4, rapid.ID).Draw(t, "after")
			}
			step.Service = rapid.SampledFrom([]casework.Service{"", casework.ClericalCheck, casework.Appeal}).Draw(t, "service")
			m.Steps = append(m.Steps, step)
		}
		picture := roadmap.SVG(body(), m)
		d := read(t, picture)
		require.Len(t, d.cards, len(m.Steps))
		requireApart(t, d)
		for _, line := range track.FindAllStringSubmatch(string(picture), -1) {
			from, _ := strconv.ParseFloat(line[1], 64)
			turn, _ := strconv.ParseFloat(line[2], 64)
			to, _ := strconv.ParseFloat(line[3], 64)
			require.True(t, from <= turn && turn < to, "%v", line)
		}
		require.Equal(t, string(picture), string(roadmap.SVG(body(), m)), "the same map is the same picture")
	})
}
