"""What a process does at its start and before it freezes or ends."""

from importlib import import_module

from shared.config import Settings
from shared.errors import ConfigError
from shared.telemetry import errors, tracing

LIBRARIES = {
    "otel_exporter_otlp_endpoint": "opentelemetry.exporter.otlp.proto.http.trace_exporter",
    "sentry_dsn": "sentry_sdk",
}
SETTINGS = tuple(LIBRARIES)
FLUSH_SECONDS = 2.0  # that a collector which is away may cost whoever ends


def load(settings: Settings) -> None:
    """Import the libraries that the settings ask for. Raises ConfigError where one is not installed."""
    for setting, library in LIBRARIES.items():
        if getattr(settings, setting):
            try:
                import_module(library)
            except ImportError:
                step = "install carillon[telemetry], make package EXTRAS=telemetry, or leave the setting out"
                raise ConfigError(f"{setting.upper()} is set, and its library is not installed here: {step}") from None


def setup(settings: Settings) -> None:
    """From now on send what the settings ask for. Raises ConfigError as `load`."""
    load(settings)
    if settings.otel_exporter_otlp_endpoint:
        tracing.start(settings.otel_exporter_otlp_endpoint)
    if settings.sentry_dsn:
        errors.start(settings.sentry_dsn)


def flush() -> None:
    """Wait until what was recorded has left, for FLUSH_SECONDS each at most. A Lambda freezes after its answer."""
    tracing.flush(FLUSH_SECONDS)
    errors.flush(FLUSH_SECONDS)
