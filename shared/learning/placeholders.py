"""Variables of prompt templates: `{{name}}`."""

import re

# The track gives these itself, in a session.
BUILT_IN = ("track_title", "track_description", "track_goal", "roadmap")
PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
