"""Screens for curators and administrators."""
