"""`carillon inbox`: deliveries that could not be read, and updates of Telegram that were set aside."""
