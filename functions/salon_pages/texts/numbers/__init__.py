"""What the pages with numbers say."""
