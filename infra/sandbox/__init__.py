"""Stand-ins for the services outside, for the demo, the tests and for playing.

They hold everything in memory and speak the real protocols, mistakes included. What cannot
be had from the real services is under `/_sandbox`: the journal of calls, faults on demand,
and people who write and press buttons.
"""
