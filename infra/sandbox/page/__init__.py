"""The page to look at: chats, WhatsApp conversations, and a learning front end."""
