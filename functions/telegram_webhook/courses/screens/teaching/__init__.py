"""Screens for staff who plan and hand out, and see what is handed in."""
