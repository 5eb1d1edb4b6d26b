"""Who finds the words: the stand-in, a person at the page, or a real model."""
