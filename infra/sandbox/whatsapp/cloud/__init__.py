"""The WhatsApp Cloud API: its routes, what a message may hold, and files."""
