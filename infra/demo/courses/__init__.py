"""The chapter of the course CRM: a week of a school, from its old crm.db to a broadcast."""
