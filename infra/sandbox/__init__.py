"""Stand-ins for the services outside, for the demo, the tests and for trying things out.

They keep everything in memory and follow the real protocols, errors included. Under `/_sandbox` is what the real
services have not: the journal of calls, faults on demand, people who write and press buttons.
"""
