"""Doctor: what only somebody outside can say. It is asked after everything else, all of it at once."""
