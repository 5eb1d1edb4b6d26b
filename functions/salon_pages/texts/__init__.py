"""What people read on the pages, a module per page and one for all."""
