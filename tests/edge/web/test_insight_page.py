"""The page of what the diary tells: made without a script, kept for each state of the diary, in two languages."""

import re

import pytest
from litestar.testing import TestClient
from test_diary import client_of

from unknot.knowledge.load import load_knowledge
from unknot.pathway.diary import Episode, Site
from unknot.service import clock, demo, insights, logbook
from unknot.service.opening import open_diary
from unknot.service.settings import Settings
from unknot.web.app import create_app
from unknot.web.diary import insight_pages

ZONE = "UTC"
PAGE = "/diary/insight"


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """The diary of the made-up person."""
    path = tmp_path_factory.mktemp("lived") / "diary.db"
    with open_diary(str(path), lambda: None) as diary:
        demo.fill(diary.store, clock.now(ZONE), load_knowledge())
    return path


@pytest.fixture(scope="module")
def app(lived):
    return create_app(Settings(diary=str(lived), zone=ZONE))


@pytest.fixture(scope="module")
def client(app):
    with client_of(app) as client:
        yield client


@pytest.fixture
def empty(tmp_path):
    with client_of(create_app(Settings(diary=str(tmp_path / "diary.db"), zone=ZONE))) as client:
        yield client


def test_it_shows_what_was_found_as_picture_table_and_sentence(client: TestClient):
    """Each trigger stands in all three, under the draft banner; nothing inline, and small."""
    page = client.get(PAGE)
    assert page.status_code == 200
    assert len(page.content) <= 20 * 1024
    assert "<script>" not in page.text
    assert " style=" not in page.text
    assert "Draft." in page.text
    assert "You likely have more spasms around days with more hours on your feet" in page.text
    assert page.text.count("<circle ") == page.text.count('<tr><th scope="row">') == 5
    assert re.search(
        r'<svg [^>]*role="img" aria-label="Times as many spasms: Hours on your feet: likely', page.text
    )
    assert f'href="{PAGE}"' in client.get("/diary").text


def test_it_is_worked_out_once_for_each_state(client: TestClient, app, monkeypatch):
    """Looking again costs nothing; a new entry does; another language is another."""
    asked = []

    def slow(*given):
        asked.append(given)
        return insights.insight_of(*given)

    monkeypatch.setattr(insight_pages, "insight_of", slow)
    app.state["diary"].insights.forget()
    first = client.get(PAGE).text
    assert client.get(PAGE).text == first
    assert len(asked) == 1
    mine, now = app.state["diary"].mine(), clock.now(ZONE)
    spasm = Episode(when=now, sites=(Site("calf", "left"),), worst=3)
    logbook.log(mine.store, mine.writer, spasm, now, load_knowledge())
    client.get(PAGE)
    assert len(asked) == 2
    client.get("/diary/unknot-report.html")
    assert len(asked) == 2, "the report takes what is there"


def test_it_speaks_spanish(client: TestClient):
    """Words, numbers and picture."""
    text = client.get(f"{PAGE}?language=es").text
    assert "Es probable que tenga más espasmos alrededor de días con más horas de pie" in text
    assert re.search(r"<td>1[.,]\d</td>", text)
    assert "Lo que sabemos hasta ahora" in text
    client.get(f"{PAGE}?language=en")


def test_an_empty_diary_says_what_to_do(empty: TestClient):
    """No picture, no verdict."""
    text = empty.get(PAGE).text
    assert "Write in your diary for some weeks." in text
    assert 'class="forest"' not in text
    assert "What helps?" not in text
