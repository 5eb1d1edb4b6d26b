"""Texts, plurals, numbers, dates and shortening in Russian and English: pure, and nothing but the standard library.

Why neither babel nor fluent: docs/decisions/0014-texts-are-data-in-two-languages.md.
"""
