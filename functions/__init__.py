"""One folder per function: its name is the deployed name, the database role, the log field and the test folder."""

import gc

# What a start loads stays for good. At Python's own threshold (700) it is searched for garbage again and again.
gc.set_threshold(10_000)
