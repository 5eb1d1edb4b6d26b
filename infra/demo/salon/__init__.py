"""The demo's beauty salon, whose owner reads a digest every morning."""
