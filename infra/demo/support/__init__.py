"""The demo's support desk."""
