package main

import (
	"context"
	"io"

	"github.com/recourse-exams/recourse/casework"
)

// picks are the cases that a command is about: named, or picked by flags.
type picks struct {
	References []string `arg:"" optional:"" help:"The cases. Leave them out to pick open cases by the flags below."`
	filters    `embed:""`
}

// why is who acts and for what reason, and whether it is to be done.
type why struct {
	Reason string   `required:"" help:"Why, in a sentence that later readers of the case understand. The centre reads it of a hold and of its end, unless the cause is malpractice. Name nobody."`
	By     claimant `required:"" placeholder:"YOU" help:"Your identity in the audit trail; it is marked as claimed, because no token proves it."`
	Apply  bool     `help:"Do it; without this flag nothing changes and you are shown what would be done."`
	Expect string   `help:"With --apply and several cases: the digest of what you were shown." placeholder:"DIGEST"`
}

type holdCommand struct {
	picks      `embed:""`
	why        `embed:""`
	Cause      string `required:"" help:"For what to wait: ${enum}." enum:"waiting-for-sample,consent-inspection,waiting-for-payment,malpractice,hold"`
	ApprovedBy string `required:"" help:"The approver who agreed, another person than you; “recourse cases approvers” lists them. They are told by mail, and the centre never sees it."`
}

// Run shows which cases would wait, and with --apply lets them.
func (c holdCommand) Run(ctx context.Context, out io.Writer) error {
	return c.run(ctx, out, c.picks, casework.BatchCommand{Action: casework.BatchHold, Cause: casework.HoldCause(c.Cause), ApprovedBy: c.ApprovedBy})
}

type resumeCommand struct {
	picks     `embed:""`
	why       `embed:""`
	Cause     string `required:"" help:"What ends: ${enum}." enum:"waiting-for-sample,consent-inspection,waiting-for-payment,malpractice,hold"`
	Delivered bool   `help:"The centre did what it was asked for: the sample, the consent or the payment; without this flag it is no longer asked. Of malpractice and hold nothing was asked, so they take no such flag."`
}

// Run shows which cases would go on, and with --apply lets them.
func (c resumeCommand) Run(ctx context.Context, out io.Writer) error {
	return c.run(ctx, out, c.picks, casework.BatchCommand{Action: casework.BatchResume, Cause: casework.HoldCause(c.Cause), Delivered: c.Delivered})
}

type reassignCommand struct {
	picks `embed:""`
	why   `embed:""`
	To    string `help:"Who gets the tasks; left out, the rule finds somebody for each."`
}

// Run shows which tasks would be taken from whom, and with --apply has them given to others.
func (c reassignCommand) Run(ctx context.Context, out io.Writer) error {
	return c.run(ctx, out, c.picks, casework.BatchCommand{Action: casework.BatchReassign, To: c.To})
}

type nudgeCommand struct {
	picks `embed:""`
	why   `embed:""`
}

// Run shows which cases would be nudged, and with --apply nudges them.
func (c nudgeCommand) Run(ctx context.Context, out io.Writer) error {
	return c.run(ctx, out, c.picks, casework.BatchCommand{Action: casework.BatchNudge})
}
