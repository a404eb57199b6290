package rules_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files")

// What people read, whole: a changed word or column is seen in the difference of a file.
func TestExplain_AsInTheGoldenFiles(t *testing.T) {
	t.Parallel()
	const june = " --series 2026-06"
	for name, line := range map[string]string{
		"review-of-marking-ocr":        "--body ocr-gq" + june + " --service review-of-marking --clock outcome --from 2026-09-24T10:15 --division england-and-wales",
		"clerical-check-cambria":       "--body cambria --service clerical-check --clock outcome --from 2026-09-24T10:15",
		"priority-review-ocr":          "--body ocr-gq" + june + " --service priority-review-of-marking --clock outcome --from 2026-08-20T17:30",
		"moderation-aqa":               "--body aqa" + june + " --service review-of-moderation --clock outcome --from 2026-09-28T09:00",
		"moderation-paused-cambria":    "--body cambria --service review-of-moderation --clock outcome --from 2026-10-19T09:00 --pause 2026-10-21T09:00..2026-10-29=waiting-for-sample",
		"appeal-window-ncfe":           "--body ncfe-web --service appeal --clock window --from 2026-10-14T00:30",
		"appeal-window-2012":           "--body ocr-2012 --service appeal --clock window --from 2026-10-14",
		"appeal-preliminary-jcq":       "--body jcq --service appeal --clock preliminary --from 2026-10-14T12:00",
		"claim-result-christmas":       "--body ocr-remote --service moderation-claim --clock result --from 2026-12-04T16:00",
		"claim-result-belfast":         "--body ocr-remote --service moderation-claim --clock result --from 2026-06-22 --division northern-ireland",
		"claim-evidence-clock-change":  "--body cambria --service moderation-claim --clock evidence --from 2026-10-24T20:00",
		"sample-scotland":              "--body cambria --service review-of-moderation --clock sample --from 2026-11-27T12:00 --division scotland",
		"window-ocr":                   "--body ocr-gq" + june + " --service clerical-check --clock window",
		"window-key-date-ncfe":         "--body ncfe-vcert --series 2025-06 --service review-of-moderation --clock window",
		"window-priority-copy-aqa":     "--body aqa --series 2025-06 --service script-copy --clock window --priority",
		"cause-that-stops-nothing-ocr": "--body ocr-gq --service clerical-check --clock outcome --from 2026-09-24 --pause 2026-09-28..2026-09-29=hold",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := asked(t, "explain "+line)
			file := filepath.Join("testdata", name+".txt")
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(got), 0o600))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err, "run the test with -update once")
			require.Equal(t, string(want), got)
		})
	}
}
