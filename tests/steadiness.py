"""What keeps tests from failing by chance: the same examples in every run, and a day that lasts as long as the test."""

import time

import hypothesis

MIDNIGHT_SECONDS = 20.0

# The same examples in every run, however slow the machine is; a search for new ones is a matter of its own.
hypothesis.settings.register_profile(
    "waymark",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("waymark")


def pytest_runtest_setup() -> None:
    """No test begins so shortly before midnight that its today could be yesterday at its end."""
    left = -time.time() % 86_400
    if left < MIDNIGHT_SECONDS:
        time.sleep(left)
