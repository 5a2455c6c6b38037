"""How hypothesis runs here: the same people every time, or far more of them when asked."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.differing_executors]

settings.register_profile(
    "ci",
    max_examples=2_000,
    derandomize=True,
    deadline=None,
    suppress_health_check=_SLOW_IS_FINE,
    print_blob=True,
)
settings.register_profile(
    "deep",
    max_examples=50_000,
    deadline=None,
    suppress_health_check=_SLOW_IS_FINE,
    print_blob=True,
    database=None,
)
settings.register_profile("quick", settings.get_profile("ci"), max_examples=200)
settings.load_profile("deep" if os.environ.get("UNKNOT_DEEP") else "ci")
