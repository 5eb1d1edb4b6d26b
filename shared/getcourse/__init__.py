"""GetCourse's rows and texts that more than one function needs."""
