"""The course CRM: its school, people and consents, and taking over an existing crm.db."""
