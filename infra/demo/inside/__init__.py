"""What the sandbox page sees of the stack around it: the outbox at work, each message's way, clock and stories."""
