"""The command line `carillon`: one file per group of commands, its SQL beside it."""
