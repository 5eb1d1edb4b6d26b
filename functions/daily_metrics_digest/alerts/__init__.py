"""What went wrong in a salon today, compared with its own usual days: when to tell, and in which words."""
