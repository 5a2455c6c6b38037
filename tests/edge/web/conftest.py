from __future__ import annotations

import warnings

import pytest
from litestar.testing import TestClient
from visitor import Visitor

from unknot.web.app import create_app

HERE = "http://localhost:8765"


@pytest.fixture(scope="session")
def app():
    return create_app()


@pytest.fixture
def client(app):
    with warnings.catch_warnings():  # the client doubts a name without a dot; ours has none on purpose
        warnings.simplefilter("ignore", UserWarning)
        client = TestClient(app, base_url=HERE)
    with client:
        yield client


@pytest.fixture
def visitor(client):
    return Visitor(client)
