"""`carillon learning example`: a whole track to begin with."""

import sys

from infra.admin.learning import import_track

EXAMPLES = "Example: carillon learning example > track.yml"


def example() -> None:
    """Print a track with its roadmap and prompts, as a file to rewrite and import."""
    sys.stdout.write(import_track.EXAMPLE_TRACK.read_text(encoding="utf-8"))
