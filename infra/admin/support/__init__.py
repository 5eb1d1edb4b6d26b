"""The WhatsApp support desks: who rents one, how it works, what its model is told, who waits for a manager."""
