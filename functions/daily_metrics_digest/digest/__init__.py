"""Yesterday's numbers of a salon: counted, put into words, sent in its morning."""
