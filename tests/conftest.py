"""Settings for all tests."""

from hypothesis import settings

# The same examples on every run, and no limit on their time: a slow machine is no failure.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")
