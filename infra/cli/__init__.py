"""The command line `carillon`: one file or folder per group of commands."""
