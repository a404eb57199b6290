package connect

import "context"

// Open reads the configuration and opens the register that it names, with the adapter's own function. The caller
// closes the register.
func Open[R any](ctx context.Context, open func(ctx context.Context, url string) (R, error)) (Config, R, error) {
	var none R
	config, err := Load(ctx)
	if err != nil {
		return Config{}, none, err
	}
	register, err := open(ctx, config.DatabaseURL)
	if err != nil {
		return Config{}, none, err
	}
	return config, register, nil
}
