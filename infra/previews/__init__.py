"""The screens of the school's bot with invented data, in both languages, on one page to look at: `make previews`."""
