"""Webhooks of WhatsApp gateways: messages of customers, and what the desk wrote on its own phone."""
