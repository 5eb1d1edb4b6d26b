"""What gateways report of messages that left: copies of them, and that some did not arrive."""
