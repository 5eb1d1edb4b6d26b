"""A module per page: what is shown and what a form on it does."""
