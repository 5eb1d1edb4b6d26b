"""carillon db: the schema, its example data, backups, the functions' logins."""
