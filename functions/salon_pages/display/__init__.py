"""How numbers are shown: tables that are a page's and a file's at once, charts, links to other periods."""
