"""Called every minute by the scheduler, and poked when customers have written.

Waits until a customer has finished a burst of messages, then answers it with the desk's prompts and a language model,
or calls a person. What the model cannot do, a person does: nobody is left in silence and nothing is
invented. Answers how many conversations were answered, handed over, and left quiet.
"""
