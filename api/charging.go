package api

import (
	"context"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/policy"
)

// GetChargingPolicy shows when a fee is taken, waived, replaced and invoiced, to programs and to people.
func (s *Server) GetChargingPolicy(ctx context.Context, in GetChargingPolicyRequestObject) (GetChargingPolicyResponseObject, error) {
	versions, err := s.published(in.Params.Rules)
	if err != nil {
		return nil, err
	}
	shown := ChargingPolicy{Items: make([]PolicyCharging, len(versions))}
	for i, p := range versions {
		shown.Items[i] = PolicyCharging{
			Rules: p.Set, Policy: p.Version, Title: p.Title, Body: p.BodyName, Fictional: p.Fictional,
			ValidFrom: p.ValidFrom, ValidUntil: p.ValidUntil, Services: make([]ServiceCharging, len(p.Services)), Invoices: invoiceRuns(p.Invoices),
		}
		for n, rules := range p.Services {
			shown.Items[i].Services[n] = chargingView(p, rules)
		}
	}
	return publishPage(ctx, shown, "charging-policy.html", in.Params.IfNoneMatch)
}

func chargingView(p policy.Policy, rules policy.Service) ServiceCharging {
	view := ServiceCharging{
		Service: Service(rules.Service), Title: rules.Title,
		Waivers: make([]WaiverRule, len(rules.Fees)), Upgrades: make([]UpgradeRule, len(rules.Upgrades)), InAdvance: []ServiceChargingInAdvance{},
	}
	for i, f := range rules.Fees {
		view.Waivers[i] = WaiverRule{
			Code: string(f.Code), For: WaiverRuleFor(f.For), ForText: f.For.Words(), Strategy: WaiverRuleStrategy(f.Waiver.Strategy),
			Text: f.Waiver.Strategy.Words(), Clause: f.Waiver.Clause, Source: f.Waiver.Source, Confirmed: f.Waiver.Confirmed,
		}
		if f.Unitised != nil {
			view.Waivers[i].Unitised = waiverView(*f.Unitised)
		}
		for _, requester := range f.InAdvance {
			view.InAdvance = append(view.InAdvance, ServiceChargingInAdvance(requester))
		}
	}
	if cancel := rules.Cancel; cancel != nil {
		view.Cancel = CancelRule{Text: cancel.Until.Words(), Clause: cancel.Clause, Source: cancel.Source, Confirmed: cancel.Confirmed}
	}
	for i, u := range rules.Upgrades {
		view.Upgrades[i] = UpgradeRule{
			Service: Service(u.To), Title: titleOf(p, u.To), Text: "The fee of the new service replaces that of the old one.",
			Clause: u.Clause, Source: u.Source, Confirmed: u.Confirmed,
		}
	}
	return view
}

// requester names who pays in advance, for people.
func requester(r ServiceChargingInAdvance) string { return policy.Requester(r).Words() }

// titleOf is the body's own name of a service, or ours if the body does not offer it.
func titleOf(p policy.Policy, service casework.Service) string {
	if rules, ok := p.Service(service); ok {
		return rules.Title
	}
	return service.Short()
}
