"""The pages in the language of a person: how it is chosen, kept and said, and a whole check-in in it."""

from __future__ import annotations

import re
import warnings
from html.parser import HTMLParser

import pytest
from litestar.testing import TestClient
from visitor import CALM, OURS, Visitor

from unknot.knowledge.load import load_knowledge
from unknot.service.settings import Settings
from unknot.web.app import create_app
from unknot.web.editions import COOKIE

HERE = "http://localhost:8765"
EVERY = ("en", "es", "en-XA", "ar-XB")


@pytest.fixture(scope="module")
def app():
    return create_app(Settings(languages=EVERY, diary="off"))


@pytest.fixture
def client(app):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        client = TestClient(app, base_url=HERE)
    with client:
        yield client


@pytest.fixture(scope="module")
def spanish():
    return load_knowledge(language="es")


def shown(client, path="/", **headers):
    answer = client.get(path, headers={**OURS, **headers})
    return answer, re.search(r'<html lang="([^"]+)" dir="([^"]+)">', answer.text).groups()


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ("", "en"),
        ("es", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("fr-CA, es;q=0.5, en;q=0.4", "es"),
        ("en-GB,es;q=0.5", "en"),
        ("es;q=0, en", "en"),
        ("fr", "en"),
        ("*", "en"),
        (";;;,q=,es;q=x", "en"),
    ],
)
def test_the_browser_says_what_it_can_read(client, wanted, code):
    """The most wanted language that we have; the first of the site when we have none of them."""
    answer, (lang, direction) = shown(client, **{"accept-language": wanted})
    assert (lang, direction, answer.headers["content-language"]) == (code, "ltr", code)


def test_what_the_address_asks_for_is_kept(client):
    """A choice in the footer holds for every page after it, whatever the browser says."""
    answer, (lang, _) = shown(client, "/?language=es", **{"accept-language": "en"})
    assert lang == "es"
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert client.cookies[COOKIE] == "es"
    assert shown(client, **{"accept-language": "en"})[1][0] == "es"
    assert shown(client, "/?language=en")[1][0] == "en"
    assert shown(client)[1][0] == "en"


@pytest.mark.parametrize("asked", ["fr", "", "es'><script>", "../es", "x" * 5000])
def test_a_language_we_do_not_have_is_not_kept(client, asked):
    """It is passed over, and no cookie is set."""
    answer = client.get("/", params={"language": asked}, headers=OURS)
    assert '<html lang="en"' in answer.text
    assert "set-cookie" not in answer.headers


def test_right_to_left_is_said(client):
    """The page says its direction, and each language in the footer its own."""
    answer, (lang, direction) = shown(client, "/?language=ar-XB")
    assert (lang, direction) == ("ar-XB", "rtl")
    assert 'href="?language=es" lang="es" hreflang="es" dir="ltr"' in answer.text


def test_an_error_is_said_in_the_language_too(client, spanish):
    """A page that is not there is told kindly in the language of the person, and the choice is kept."""
    answer, (lang, _) = shown(client, "/nowhere?language=es")
    assert (answer.status_code, lang) == (404, "es")
    assert client.cookies[COOKIE] == "es"
    assert spanish.banner in answer.text


def test_another_language_in_the_middle_of_a_check_in(client):
    """The answers stay, and so does the way back to the answers of somebody who changes one."""
    visitor = Visitor(client).start()
    visitor.answer()
    visitor.open("/check/1?change=1")
    assert 'href="?change=1&amp;language=es"' in visitor.text
    visitor.open("/check/1?change=1&language=es")
    assert ("tick.none_of_these", "none") in visitor.form.ticked
    assert ("change", "1") in visitor.form.hidden
    assert '<html lang="es"' in visitor.text
    assert not ENGLISH_WORDS.search(visible(visitor.text))


def test_what_was_asked_in_one_language_is_headed_in_another(client):
    """Pages that were answered in English stand under Spanish headings, whatever they were made of."""
    visitor = Visitor(client).start()
    visitor.walk(CALM)
    client.cookies.set(COOKIE, "es")
    links = dict.fromkeys(link for link in visitor.open("/answers").form.links if "change=1" in link)
    assert len(links) > 5
    for path in ("/answers", *links):
        visitor.open(path)
        assert not ENGLISH_WORDS.search(visible(visitor.text)), path


def test_a_whole_check_in_in_spanish(client, spanish):
    """From the start to a plan: each page in Spanish, and the same level as in English."""
    client.cookies.set(COOKIE, "es")
    visitor = Visitor(client).start()
    visitor.walk(CALM)
    visitor.open("/result")
    assert '<html lang="es" dir="ltr">' in visitor.text
    level = spanish.levels["self_care"]
    assert level.title in visitor.text
    assert level.title != load_knowledge().levels["self_care"].title
    assert spanish.banner in visitor.text
    assert not ENGLISH_WORDS.search(visible(visitor.text))


def test_an_emergency_in_spanish(client, spanish):
    """The number to call stands in a Spanish sentence on the next page."""
    client.cookies.set(COOKIE, "es")
    visitor = Visitor(client).start().answer({"chest_pressure": "yes"})
    assert visitor.path == "/now"
    title = spanish.levels["emergency_call"].title
    assert "911" in title
    assert title in visitor.text
    assert not ENGLISH_WORDS.search(visible(visitor.text))


ENGLISH_WORDS = re.compile(r"\b(?:the|you|your|with|and|of|is|this)\b", re.IGNORECASE)


class _Texts(HTMLParser):
    """What a person can see or hear of a page; ids, and what is marked as another language, left out."""

    def __init__(self, text):
        super().__init__()
        self.texts, self._attributes = [], ("aria-label", "alt", "title", "placeholder")
        self._quiet, self._until = 0, ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.texts += [found[name] for name in self._attributes if found.get(name)]
        if self._quiet:
            self._quiet += tag == self._until
        elif tag in {"style", "script", "svg", "code"} or (found.get("lang") and tag != "html"):
            self._quiet, self._until = 1, tag

    def handle_endtag(self, tag):
        self._quiet -= bool(self._quiet) and tag == self._until

    def handle_data(self, data):
        if not self._quiet:
            self.texts.append(data)


def texts_on(page):
    """Every text on a page."""
    return [text.strip() for text in _Texts(page).texts if text.strip()]


def visible(page):
    """The words on a page."""
    return " ".join(texts_on(page))


KNOWN = re.compile(r"Unknot|English|Español|longer|mirrored|glonk")
"""Names: of the site, of languages, and what was typed."""


def bare(page):
    """What is left of a page without everything in brackets: it was never given to translators."""
    left, before = " | ".join(texts_on(page)), ""
    while left != before:
        left, before = re.sub(r"\[[^\[\]]*\]", "", left), left
    return re.findall(r"[^|]*[A-Za-z]{2}[^|]*", KNOWN.sub("", left))


def test_no_word_of_any_page_was_kept_from_translators(client):
    """In the accented pseudo-language every word on every page of a check-in stands in brackets."""
    visitor, found = Visitor(client), {}
    assert bare(visitor.open("/").text)
    client.cookies.set(COOKIE, "en-XA")

    def look():
        found.setdefault(visitor.path, bare(visitor.text))

    visitor.open("/nowhere")
    look()
    visitor.open("/")
    look()
    visitor.start()
    answers = {**CALM, "any_urine": "yes", "dark_urine": "not_sure"}
    while visitor.path != "/answers":
        look()
        visitor.answer(answers, "glonk")
        assert len(found) < 120
    for path in ("/answers", "/result", "/result/more", "/unknot-result.html", "/", "/check/1"):
        visitor.open(path)
        look()
    visitor.send("/check/1", dict(visitor.form.hidden) | {"asked": visitor.form.asked})
    found["faults"] = bare(visitor.text)
    visitor.answer({"chest_pressure": "yes"})
    look()
    assert visitor.path == "/now"
    visitor.open("/result")
    found["emergency"] = bare(visitor.text)
    assert {path: texts for path, texts in found.items() if texts} == {}
