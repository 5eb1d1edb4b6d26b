"""Whether this process stops between two requests, as on AWS Lambda: what it still had to do then, waits for the next.

The platform's entry sets it (infra/aws/handler.py, infra/gcp/handler.py) before the function is made.
"""

from contextvars import ContextVar

between_requests: ContextVar[bool] = ContextVar("between_requests", default=False)
