"""The course CRM's broadcasts, from the confirmed one to messages in the outbox."""
