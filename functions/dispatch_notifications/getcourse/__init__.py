"""Answers to lessons become notifications for the mentor who is responsible at that time."""
