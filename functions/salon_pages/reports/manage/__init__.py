"""Whom and what an owner manages: salons, people, settings, audits, alerts."""
