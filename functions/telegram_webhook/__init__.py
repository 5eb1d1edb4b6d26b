"""Called by Telegram with the updates of a bot (`carillon bots set-webhook`).

A person who comes back (/start, or the bot is let in again) can be written to again; a group that became a supergroup
is followed to its new id.

In the managers' group of a support desk, buttons of cards move requests, and what is written in a person's topic goes
to that person, unless it begins with `//`. /handover opens a request, /stats tells the numbers.

In a salon's chat [Принято] under an alert notes who has seen it.

Answers `{}`, or what who pressed a button is told: Telegram carries out what a body asks for, so nothing of an update
stands in it but the number of the press.
"""
