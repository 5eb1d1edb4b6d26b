"""The engine of the dialog: from an update to the screen that follows, and how it is shown."""
