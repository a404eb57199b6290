package stack

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// state names the files below a state folder.
type state string

func (s state) path(name ...string) string {
	return filepath.Join(append([]string{string(s)}, name...)...)
}

func (s state) lockFile() string           { return s.path("lock") }
func (s state) portsFile() string          { return s.path("ports.json") }
func (s state) secretsFile() string        { return s.path("secrets.json") }
func (s state) referenceKeyFile() string   { return s.path("reference.key") }
func (s state) webhookKeyFile() string     { return s.path("webhook.key") }
func (s state) signingKeyFile() string     { return s.path("oidc", "signing.pem") }
func (s state) tokensDir() string          { return s.path("tokens") }
func (s state) logFile(name string) string { return s.path("logs", name+".log") }

// maxLog is the size in bytes beyond which a log is set aside at the next start.
const maxLog = 10 << 20

// prepare makes the folders and sets aside logs that have grown large, keeping one older copy.
func (s state) prepare() error {
	// The processes of the stack before are gone, and their numbers may be others' by now.
	if err := os.RemoveAll(s.path("pids")); err != nil {
		return fmt.Errorf("forget the processes of the stack before: %w", err)
	}
	for _, dir := range []string{"", "logs", "oidc", "tokens", "mail", "s3", "postgres", "pids"} {
		if err := os.MkdirAll(s.path(dir), 0o700); err != nil {
			return fmt.Errorf("make the state folder: %w", err)
		}
	}
	logs, err := filepath.Glob(s.logFile("*"))
	if err != nil {
		return fmt.Errorf("list the logs: %w", err)
	}
	for _, log := range logs {
		info, err := os.Stat(log)
		if err != nil {
			return fmt.Errorf("look at a log: %w", err)
		}
		if info.Size() > maxLog {
			if err := os.Rename(log, log+".old"); err != nil {
				return fmt.Errorf("set a log aside: %w", err)
			}
		}
	}
	return nil
}

// secrets belong to one state folder and never leave the machine.
type secrets struct {
	DatabasePassword string `json:"databasePassword"`
	AccessKey        string `json:"accessKey"`
	SecretKey        string `json:"secretKey"`
}

// secrets reads the folder's secrets, or makes them. A folder of an earlier release has no key of webhooks yet.
func (s state) secrets() (secrets, error) {
	if err := makeKey(s.webhookKeyFile()); err != nil {
		return secrets{}, err
	}
	read, err := s.readSecrets()
	if errors.Is(err, fs.ErrNotExist) {
		return s.makeSecrets()
	}
	return read, err
}

func (s state) readSecrets() (secrets, error) {
	data, err := os.ReadFile(s.secretsFile())
	if err != nil {
		return secrets{}, fmt.Errorf("read the secrets: %w", err)
	}
	var read secrets
	if err := json.Unmarshal(data, &read); err != nil {
		return secrets{}, fmt.Errorf("read the secrets from %s: %w", s.secretsFile(), err)
	}
	return read, nil
}

// makeSecrets writes the key of references too.
func (s state) makeSecrets() (secrets, error) {
	made := secrets{
		DatabasePassword: rand.Text(),
		AccessKey:        "LOCAL" + rand.Text()[:15], // as long as an AWS access key id
		SecretKey:        rand.Text() + rand.Text(),
	}
	data, err := json.MarshalIndent(made, "", "  ")
	if err != nil {
		return secrets{}, fmt.Errorf("write the secrets: %w", err)
	}
	if err := makeKey(s.referenceKeyFile()); err != nil {
		return secrets{}, err
	}
	if err := os.WriteFile(s.secretsFile(), append(data, '\n'), 0o600); err != nil {
		return secrets{}, fmt.Errorf("write the secrets: %w", err)
	}
	return made, nil
}

// makeKey writes a key of 32 random bytes in hexadecimal, unless there is one.
func makeKey(file string) error {
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	key := make([]byte, 32)
	rand.Read(key) // never fails
	if err := os.WriteFile(file, []byte(hex.EncodeToString(key)+"\n"), 0o600); err != nil {
		return fmt.Errorf("write the key %s: %w", filepath.Base(file), err)
	}
	return nil
}
