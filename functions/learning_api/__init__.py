"""Called by a front end of learning tracks, with its client's token: what it reads and writes, but the agents' replies.

Reads tracks and their roadmaps. Opens a person's session in a track (`learning.users`, `track_sessions` and a thread
per tab, each once), remembers its open tab, reads and adds messages (`learning.chat_messages`), keeps its synopses.
Answers JSON, of which GET /openapi.json says exactly what it is; what went wrong is a problem (RFC 9457).
"""
