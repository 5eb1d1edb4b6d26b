"""`make package`: each function as an archive with what it imports and nothing else, always the same to the byte."""
