"""AWS: what stands between Lambda's events and a function's door."""
