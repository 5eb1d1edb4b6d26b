"""What the pages show, as numbers: per report a module and its statements, asked as a viewer."""
