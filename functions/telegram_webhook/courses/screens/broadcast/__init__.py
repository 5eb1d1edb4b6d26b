"""Screens of broadcasts: of those who write them, and the button below each that switches them off."""
