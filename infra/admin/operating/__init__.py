"""Operating an installation: deploying a release onto a small server."""
