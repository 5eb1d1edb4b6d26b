"""`carillon serve`: every function and the scheduler in one process tree, for one small server or a container.

The keeper owns the public socket and one release; a release is a process that has loaded the functions, and forks the
workers and the scheduler. A deployment starts another release beside it, and the socket never closes meanwhile.
"""
