package webhook

// NewSenderAsking is a sender that looks names up with a test's own resolver.
var NewSenderAsking = newSender

// Guard is what the dialer asks about an address before it connects.
func Guard(networks Networks, address string) error { return networks.guard("tcp", address, nil) }
