"""The ways out: Telegram and three WhatsApp gateways behind one call that answers one classified outcome.

All speak the Bot API's words (`sendMessage {text}`, `sendPhoto {photo, caption}`, …). Nothing here retries: a
repeated call is a second message. Tokens are in URLs, so no exception and no log line of the HTTP library leaves.
"""
