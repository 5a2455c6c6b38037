"""The home in a real browser: keyboard, no scripts, every look, sizes."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import CUT_OFF, RING, asked_on, press_until
from playwright.sync_api import expect
from test_diary_browser import LOOKS, PHONE, served, visit  # noqa: F401 - fixtures

from unknot.knowledge.load import load_knowledge
from unknot.service import clock, demo
from unknot.service.opening import open_diary

pytestmark = pytest.mark.browser
PAGES = ("/", "/look-again", "/diary/rating/peg", "/diary/rating/pgic", "/diary/visit")
MOST_PAGE = 20 * 1024


@pytest.fixture(scope="module")
def made_up(tmp_path_factory):
    """The diary of the made-up person."""
    place = tmp_path_factory.mktemp("home") / "diary.db"
    with open_diary(str(place), lambda: None) as diary:
        demo.fill(diary.store, clock.now("UTC"), load_knowledge())
    return place


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_axe_finds_nothing_and_nothing_is_cut_off(visit, made_up, look):  # noqa: F811
    """The home, the way back and the short questions, filled and with faults, at 320 px."""
    page = visit("/", made_up, viewport={"width": 320, "height": 800}, **look)
    for path in PAGES:
        answer = page.goto(path)
        assert len(answer.body()) <= MOST_PAGE, path
        _looked_at(page, path)
    page.goto("/look-again")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_be_visible()
    _looked_at(page, "a fault")


def _looked_at(page, path):
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    found = Axe().run(page)
    assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    assert page.evaluate(CUT_OFF) == [], path


@pytest.mark.parametrize("scripts", [True, False])
def test_it_got_worse_is_one_tap_to_the_first_signs(visit, made_up, scripts):  # noqa: F811
    """From the home, the diary and the plan, with and without scripts."""
    page = visit("/", made_up, java_script_enabled=scripts, **PHONE)
    for path in ("/", "/diary", "/diary/plan"):
        page.goto(path)
        page.get_by_role("button", name="It got worse").tap()
        page.wait_for_url("**/check/*")
        assert "chest_pressure" in asked_on(page)


def test_coming_back_by_keyboard_without_scripts(visit, made_up):  # noqa: F811
    """From the home to the first signs with Tab, Space and Enter, the focus in sight."""
    page = visit("/", made_up, java_script_enabled=False)
    press_until(page, "Check again now")
    page.keyboard.press("Enter")
    page.wait_for_url("**/look-again")
    press_until(page, "Better")
    page.keyboard.press("Space")
    ring = page.evaluate(RING)
    assert ring["width"] >= 2, ring
    assert ring["contrast"] >= 3, ring
    press_until(page, "None of these")
    page.keyboard.press("Space")
    press_until(page, "Continue")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check/*")
    assert "chest_pressure" in asked_on(page)


def test_every_target_is_large_enough(visit, made_up):  # noqa: F811
    """Buttons and tiles are 44 px high or more, links in lists 24."""
    page = visit("/", made_up, **PHONE)
    for path in PAGES:
        page.goto(path)
        for kind, least in (("main label:visible, main button:visible", 44), ("main li a:visible", 24)):
            sizes = page.locator(kind).evaluate_all(
                "all => all.filter(one => !one.closest('.field')).map(one => one.getBoundingClientRect().height)"
            )
            assert min(sizes, default=least) >= least, (path, kind, sizes)
