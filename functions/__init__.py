"""One folder per function: its name is the deployed name, the database role, the log field and the test folder."""

import gc

# What the platform's server has loaded before us stays: walking through it while we are imported, in search of garbage,
# would be a seventh of our own start.
gc.freeze()
