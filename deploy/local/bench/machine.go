package bench

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// machine is what was measured on.
type machine struct {
	cores         int
	system, model string
	before, after string // load averages of the last minute, empty where the system does not tell
}

func thisMachine() *machine {
	return &machine{cores: runtime.NumCPU(), system: runtime.GOOS + "/" + runtime.GOARCH, model: model(), before: load()}
}

func (m *machine) ended() { m.after = load() }

// String names the machine in a sentence without a full stop.
func (m *machine) String() string {
	text := fmt.Sprintf("%d cores, %s", m.cores, m.system)
	if m.model != "" {
		text += ", " + m.model
	}
	if m.before != "" {
		text += fmt.Sprintf("; load average %s before and %s after", m.before, m.after)
	}
	return text
}

// load is the load average of the last minute.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	first, _, _ := strings.Cut(string(text), " ")
	return first
}

// model is what the processor calls itself.
func model() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if name, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
