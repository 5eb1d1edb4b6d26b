"""The WhatsApp support desks: who rents one, how it works, its model's prompts, who waits for a manager."""
