"""The inbox: deliveries that could not be read, came to nobody, or came while their source was paused."""
