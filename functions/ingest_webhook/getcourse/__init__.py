"""Webhooks of GetCourse: lesson answers and account events, one stored event each."""
