"""Which release this is, and the schema that it needs: `carillon --version`, health and the first log line say so."""

VERSION = "0.1.0"
SCHEMA = "0052_waiting_lanes"  # the newest migration of this release
