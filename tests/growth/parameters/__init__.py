"""What statements are measured with: SQL expressions over the history, so that each database answers with its own."""
