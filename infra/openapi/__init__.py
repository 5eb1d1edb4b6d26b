"""The OpenAPI documents of functions, made of their tables of routes and committed: `make openapi` writes them."""
