"""The small package that every function uses: settings, database, HTTP, secrets, delivery and the systems' data."""
