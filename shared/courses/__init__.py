"""The course CRM: what more than one function needs of its data and rules."""
