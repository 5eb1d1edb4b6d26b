"""The three WhatsApp gateways: each one's envelopes become messages, each one's proof of origin is checked."""
