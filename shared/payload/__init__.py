"""Reading what strangers send: texts, numbers and instants out of JSON, as Postgres can hold them. Pure."""
