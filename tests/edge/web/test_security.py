from __future__ import annotations

import logging

import pytest
from visitor import CALM, OURS

from unknot.errors import InputError, KnowledgeError
from unknot.web.app import status_of
from unknot.web.pages import PAGES
from unknot.web.security import MOST_BYTES
from unknot.web.sessions import LIFETIME_SECONDS, MOST_SESSIONS, Sessions


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost:x", "", "127.0.0.1.nip.io"]
)
@pytest.mark.parametrize("path", ["/", "/nowhere", "/style.css"])
def test_a_strange_host_is_refused(client, host, path):
    """Only this machine's own names are answered, before any route."""
    answer = client.get(path, headers={"host": host})
    assert answer.status_code == 400
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("host", ["localhost", "localhost:8765", "[::1]", "[::1]:8765"])
def test_our_own_names_are_answered(client, host):
    """The names of this machine are answered."""
    assert client.get("/", headers={"host": host}).status_code == 200


def test_the_number_is_sent_to_the_name(client):
    """127.0.0.1 leads to localhost with the same port and page."""
    answer = client.get("/answers", headers={"host": "127.0.0.1:8765"}, follow_redirects=False)
    assert answer.status_code == 308
    assert answer.headers["location"] == "http://localhost:8765/answers"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"origin": "http://localhost:8765"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "http://localhost:8765"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_a_form_from_elsewhere_is_refused(client, headers, status):
    """A form is taken only when the browser says that it is ours."""
    assert client.post("/start", headers=headers).status_code == status


def test_every_form_carries_the_token(visitor):
    """Without the token of the check-in no answer is taken and nothing is cleared."""
    visitor.start()
    for path in ("/check/1", "/start-over", "/now", "/medicines"):
        assert visitor.send(path, {"token": "guess", "tick.none_of_these": "none"}).status == 403
    assert visitor.open("/next").path == "/check/1"


@pytest.mark.parametrize("path", ["/", "/nowhere", "/result", "/style.css"])
def test_every_answer_carries_the_headers(client, path):
    """Pages, errors and files alike are locked down."""
    headers = client.get(path).headers
    assert headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["cache-control"] == ("no-store" if path != "/style.css" else headers["cache-control"])


def test_the_cookie_is_locked_down(client):
    """The cookie is random, for this site only and out of reach of scripts."""
    cookie = client.post("/start", headers=OURS, follow_redirects=False).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_too_much_is_refused(visitor):
    """A body beyond the cap is refused, said or not."""
    visitor.start()
    assert visitor.send("/check/1", {"x": "y" * MOST_BYTES}).status == 413
    chunks = (b"x" * 1024 for _ in range(MOST_BYTES // 1024 + 2))
    headers = {**OURS, "content-type": "application/x-www-form-urlencoded"}
    assert visitor.client.post("/check/1", content=chunks, headers=headers).status_code == 413


def test_error_pages_show_nothing_entered(visitor):
    """An error page is kind and repeats nothing."""
    visitor.start()
    for path in ("/secret-word", "/check/secret-word"):
        page = visitor.open(path)
        assert page.status == 404
        assert "secret" not in page.text
        assert "Go to the start page" in page.text


def test_every_fault_has_its_status():
    """What went wrong has a status, and our own errors take theirs from the one table."""
    assert status_of(InputError("x")) == 400
    assert status_of(KnowledgeError("x")) == 500
    assert status_of(ValueError("x")) == 500


def test_no_answer_reaches_a_log(visitor, caplog, capfd):
    """A whole check-in with an odd medicine leaves no trace in any log."""
    caplog.set_level(logging.DEBUG)
    visitor.start().walk(CALM, until="/medicines", medicines="zzqsecretpill")
    visitor.answer().open("/result")
    said = caplog.text + "".join(capfd.readouterr())
    assert "zzqsecretpill" not in said
    assert "calf" not in said


def test_the_address_holds_no_answer(visitor):
    """Answers travel in the body, never in an address."""
    paths = visitor.start().walk(CALM)
    assert all("yes" not in path and "calf=" not in path for path in paths)


def test_there_are_no_other_routes(client):
    """No generated documentation is served."""
    assert len(PAGES) == 17
    for path in ("/schema", "/docs", "/schema/openapi.json"):
        assert client.get(path).status_code == 404


def test_a_check_in_is_forgotten_after_its_time():
    """Two hours unused and it is gone; using it keeps it."""
    now = [0.0]
    sessions = Sessions(lambda: now[0])
    name = sessions.start().id
    now[0] = LIFETIME_SECONDS - 1
    assert sessions.find(name) is not None
    now[0] += LIFETIME_SECONDS
    assert sessions.find(name) is None


def test_the_number_of_check_ins_is_bounded():
    """The one that rested longest makes room."""
    sessions = Sessions(lambda: 0.0)
    first, second = sessions.start().id, sessions.start().id
    sessions.find(first)
    for _ in range(MOST_SESSIONS - 1):
        sessions.start()
    assert sessions.find(first) is not None
    assert sessions.find(second) is None
