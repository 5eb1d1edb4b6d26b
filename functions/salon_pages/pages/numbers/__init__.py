"""The pages with numbers. Each is made of tables, and each table is a file, too."""
