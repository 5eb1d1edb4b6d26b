"""Takes in webhooks.

GetCourse calls `/getcourse/{source}`, WhatsApp gateways call `/whatsapp/{source}`, YClients calls `/yclients/{source}`;
the call is authenticated and understood, and what it says is stored exactly once: answers in
`getcourse.webhook_events` (or `account_events`), messages in `support.messages`, what was not understood in
`platform.inbox` with the reason why. YClients' calls are hints: they make `verify_bookings` look sooner, and nothing of
them is kept. 2xx is answered only after the commit; then the dispatcher is poked, and `answer_conversations` for
messages that want an answer.
"""
