"""System 1: what more than one function needs to know of GetCourse."""
