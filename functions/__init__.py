"""One folder per function: its name is the deployed name, the database role, the log field and the test folder."""
