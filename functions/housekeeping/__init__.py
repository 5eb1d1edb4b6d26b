"""Called daily by the scheduler: what has been kept for its term leaves. The terms are in terms.py.

What a source's paths name in raw payloads is redacted. Whom a deleted message had reached is remembered in
`platform.starts`. What still waits is never deleted.
"""
