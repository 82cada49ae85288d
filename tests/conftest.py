"""Settings for all tests."""

import logging
import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# The same examples on every run, and no limit on their time, nor on that of drawing them: a slow machine is no failure.
settings.register_profile(
    "steady", max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
# Many other ones, for `pytest --hypothesis-profile=anew` by hand.
settings.register_profile("anew", settings.get_profile("steady"), derandomize=False, max_examples=2000, print_blob=True)
settings.load_profile("steady")

# A shell that starts the tests in the background has them ignore Ctrl-C, and with them the programs that they
# start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def same_log_level() -> Iterator[None]:
    """A command that a test runs in this process sets the level of the log; the next test starts as this one did."""
    logger = logging.getLogger("lanci")
    level = logger.level
    yield
    logger.setLevel(level)
