"""carillon courses: the school, its people, and taking over a crm.db."""
