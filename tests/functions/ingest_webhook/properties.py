"""How much the tests of properties try."""

from hypothesis import HealthCheck, settings

thorough = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
