"""Helpers of the tests: serving functions, arranging rows, canaries."""
