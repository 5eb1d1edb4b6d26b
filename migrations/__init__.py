"""The database's history: one linear line of Alembic revisions whose bodies are plain SQL files."""
