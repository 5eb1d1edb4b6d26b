"""What goes on behind the chats: each webhook that was sent, what it was answered and when, and it once more."""
