"""Screens for anybody: consent first, who somebody is, and where everything begins."""
