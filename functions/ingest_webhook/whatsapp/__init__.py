"""What WhatsApp gateways tell us: pure reading, no database and no network."""
