"""System 1's rows and wordings that more than one function needs."""
