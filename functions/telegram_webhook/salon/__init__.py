"""What a salon's people do in their chat. It works in the caller's transaction and sends nothing."""
