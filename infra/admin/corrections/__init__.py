"""What was set up wrong is corrected: settings of sources and bots, pauses, removals."""
