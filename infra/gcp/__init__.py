"""Google Cloud: how a function is called there, and by whom."""
