"""What became of an event, a message, a handover, or of anything else that a log line names."""
