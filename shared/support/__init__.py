"""The support desk's rules: when the bot answers, when a person is called, and who is chased about it.

Rules are pure: facts come as arguments, instants are aware, and what follows comes back as a value. Modules with an
.sql file beside them read and write, in the caller's transaction. Columns have the names of the source document: its
`client` is the business that rents the desk, here `desk`; who writes to it is the customer.
"""
