"""The salon owner's pages: numbers, alerts, settings and people of a salon, in a browser, on a phone first.

Browsers call it: those of owners, of their staff, and of whoever looks after all salons. Each request is one signed-in
person's, and asks the database as them: row level security decides what they see. It changes what they change there
(settings, people, alerts that are accepted, their own session), with an audit each, and never what is the bot's. It
answers HTML, CSV and its own stylesheet.
"""
