"""Texts, entities, keyboards and links: parsed and checked as the real server does. Pure."""
