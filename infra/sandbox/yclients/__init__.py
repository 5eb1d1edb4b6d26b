"""A stand-in for YClients: records of salons in the official shapes, with faults and a journal in memory.

`/yclients` is the API's address, `/_sandbox/yclients` is ours. The first user token that a salon's number comes with is
its own from then on; any partner token will do. One field has several types, as in YClients' own samples.
"""
