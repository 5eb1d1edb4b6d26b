"""Called by Telegram with the updates of a bot (`carillon bots set-webhook`).

A person who comes back (/start, or the bot is let in again) can be written to again; a group that became a supergroup
is followed to its new id.

In the managers' group of a support desk, buttons of cards move handovers, and what is written in a customer's topic
goes to the customer, unless it begins with `//`. /handover opens a handover, /stats answers with the numbers.

In a salon's chat [Принято] acknowledges an alert.

In a private chat with a school's bot people see one screen, which their presses change: their sessions and what is
noted of them; curators mark who was there and who has paid.

Answers `{}`, or the toast for whoever pressed a button: Telegram does what an answer says, so it holds nothing of an
update but the id of the press.
"""
