"""Takes in webhooks.

GetCourse calls `/getcourse/{source}`; the call is authenticated, understood, and stored exactly once in
`getcourse.webhook_events` (or `account_events`, or `platform.inbox` with the reason why it was not understood); 2xx is
answered only after the commit, then the dispatcher is poked.
"""
