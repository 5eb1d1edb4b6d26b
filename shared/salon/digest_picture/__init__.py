"""The digest's picture: two weeks of a salon. Only dispatch_notifications draws it."""
