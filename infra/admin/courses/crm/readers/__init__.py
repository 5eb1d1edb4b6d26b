"""How each table of a crm.db is read: columns of theirs in, values of ours out."""
