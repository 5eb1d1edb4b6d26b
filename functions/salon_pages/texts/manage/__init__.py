"""The texts of pages on which somebody decides."""
