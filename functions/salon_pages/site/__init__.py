"""What all pages share: routes, who visits, templates, files, headers, refusals."""
