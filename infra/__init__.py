"""Everything around the functions: command line, local runner, sandbox, and the clouds."""
