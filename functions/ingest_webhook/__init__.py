"""Stores what webhooks bring.

GetCourse calls `/getcourse/{source}`, WhatsApp gateways call `/whatsapp/{source}`, YClients calls `/yclients/{source}`.
A call is authenticated and parsed, and each record is stored exactly once: answers in `getcourse.webhook_events` (or
`account_events`), messages in `support.messages`, what could not be parsed in `platform.inbox` with the reason. Calls
of YClients are hints: they make `verify_bookings` check sooner, and nothing of them is kept. 2xx is answered only after
the commit; then the dispatcher is poked, and `answer_conversations` for messages that need an answer.
"""
