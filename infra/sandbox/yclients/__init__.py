"""A stand-in for YClients: records of salons in the official shapes, with faults and a journal in memory.

`/yclients` is the API's address, `/_sandbox/yclients` is ours. A salon's first user token
becomes its own; any partner token is accepted. Fields have varying types, as in YClients' own samples.
"""
