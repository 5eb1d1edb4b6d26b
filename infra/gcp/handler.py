"""Google Cloud Run functions' entry for every function. The main.py of its archive calls it (infra/package/gcp.py).

functions-framework makes the requests; without one under way, an instance has next to no processor.
"""

from shared import freezing
from shared.http.responses import Handler


def on_google(handler: Handler) -> Handler:
    """`handler`, which does before its answer what others do after it."""
    freezing.between_requests.set(True)
    return handler
