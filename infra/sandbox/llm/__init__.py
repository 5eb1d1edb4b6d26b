"""A stand-in for a language model: OpenAI's chat completions, with a journal and faults in memory.

`/model/v1` is the API's address, `/_sandbox/model` is ours. It understands nothing, and always answers the same: as a
classifier by word rules, else with the line of the system prompt that has most words of the question in it. Lines read
`Label: what is true`; others are instructions to it.
"""
