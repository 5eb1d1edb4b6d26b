"""One message's way out: claim, check, render, wait for its turn, send, decide, finish."""
