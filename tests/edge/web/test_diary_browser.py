from __future__ import annotations

import re
import shutil
import socket
import threading
import time

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from browsing import DIARY_PAGES, RING, begin, fits, press_until, walk
from playwright.sync_api import expect

from unknot.knowledge.load import load_knowledge
from unknot.pathway.diary import DayFact, Episode, NoneToday, Site
from unknot.service import clock, logbook
from unknot.service.opening import open_diary
from unknot.service.settings import Settings
from unknot.web.app import create_app

pytestmark = pytest.mark.browser
ZONE = "Europe/London"
LOOKS = ({"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"})


def fill_in(place):
    """A diary with some weeks behind it, something still going, and two versions of an entry."""
    knowledge = load_knowledge()
    with open_diary(str(place), lambda: None) as diary:
        now = clock.now(ZONE)
        writer = logbook.me(diary.store, now)

        def say(body):
            return logbook.log(diary.store, writer, body, now, knowledge)

        for back in range(40):
            when = clock.moment_at(now.at - back * 86_400_000 - 60_000, ZONE)
            if back % 3 == 0:
                sites = (Site("calf", "left"),) if back % 2 else (Site("low_back"), Site("neck", "right"))
                say(Episode(when=when, sites=sites, worst=back % 11, minutes=5, note="It woke me up."))
            elif back % 3 == 1:
                say(NoneToday(when=when))
        say(DayFact(when=now, factor="day_stress", value=4.0))
        say(Episode(when=clock.moment_at(now.at - 600_000, ZONE), sites=(Site("foot"),), going=True))
        two = say(Episode(when=now, sites=(Site("hand"),), worst=2))
        change = logbook.revision_of(writer, two.body, now, entry=two.entry, parents=(two.id,))
        logbook.save(diary.store, [change], now)
        other = Episode(when=now, sites=(Site("arm"),), worst=3)
        logbook.save(
            diary.store,
            [logbook.revision_of(writer, other, now, entry=two.entry, parents=(two.id,))],
            now,
        )
        return two.entry


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    place = tmp_path_factory.mktemp("filled") / "diary.db"
    return place, fill_in(place)


@pytest.fixture
def served(tmp_path):
    """Serve the pages with a diary of one's own; gives where they answer."""
    running = []

    def serve(place=None, **more):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        app = create_app(Settings(diary=str(place or tmp_path / "diary.db"), zone=ZONE, **more))
        config = uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        running.append((server, thread))
        return f"http://localhost:{port}"

    yield serve
    for server, thread in running:
        server.should_exit = True
        thread.join(timeout=10)


@pytest.fixture
def visit(browser, served):
    """Open a page of the diary as somebody with these settings."""
    contexts = []

    def opened(path, place=None, **settings):
        origin = served(place)
        context = browser.new_context(base_url=origin, **settings)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5_000)
        page.asked_for = []
        page.on("request", lambda request: page.asked_for.append(request.url))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()


def copy_of(filled, tmp_path):
    """The filled diary, for one test to write in."""
    place = tmp_path / "copy" / "diary.db"
    place.parent.mkdir()
    shutil.copyfile(filled[0], place)
    return place


@pytest.mark.parametrize("scripts", [True, False])
def test_a_usual_entry_is_three_taps(visit, filled, tmp_path, scripts):
    """A place of lately, how bad, Save: three taps from the diary's home, and it is there."""
    page = visit("/diary", copy_of(filled, tmp_path), java_script_enabled=scripts, **PHONE)
    taps = 0
    for target in (
        page.get_by_role("link", name="Write down a spasm: Low back"),
        page.get_by_role("radio", name="7", exact=True),
        page.get_by_role("button", name="Save", exact=True),
    ):
        target.tap()
        taps += 1
    expect(page.get_by_role("status")).to_contain_text("Low back")
    assert taps == 3


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.mark.parametrize("scripts", [True, False])
def test_the_same_again_is_one_tap_from_the_start(visit, filled, tmp_path, scripts):
    """From the diary, one tap says the last spasm again; one more takes it back."""
    page = visit("/diary", copy_of(filled, tmp_path), java_script_enabled=scripts, **PHONE)
    page.get_by_role("button", name=re.compile("Same as last time")).tap()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    page.get_by_role("button", name="Undo").tap()
    expect(page.get_by_role("status")).to_contain_text("Deleted")


def test_back_and_reload_save_nothing_more(visit):
    """After saving, the back button brings a new form, and neither it nor a reload saves again."""
    page = visit("/diary/log", java_script_enabled=False)
    before = page.locator("[name=revision]").last.input_value()
    page.get_by_role("checkbox", name="Neck", exact=True).check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/diary?entry=*")
    page.reload()
    page.go_back()
    assert page.locator("[name=revision]").last.input_value() != before
    page.goto("/diary")
    expect(page.locator(".entries a")).to_have_count(1)
    page.reload()
    expect(page.locator(".entries a")).to_have_count(1)


def test_the_keyboard_writes_a_spasm_down(visit):
    """From the diary to a saved entry with Tab, Space and Enter, with the focus in sight."""
    page = visit("/diary")
    press_until(page, "Write down a spasm")
    page.keyboard.press("Enter")
    page.wait_for_url("**/diary/log")
    press_until(page, "Neck")
    page.keyboard.press("Space")
    ring = page.evaluate(RING)
    assert ring["width"] >= 2, ring
    assert ring["contrast"] >= 3, ring
    press_until(page, "0")
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    press_until(page, "Save")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Neck")
    expect(page.locator(".entries")).to_contain_text("worst 6 of 10")


def test_a_check_in_without_scripts_is_kept_and_can_be_taken_out(visit):
    """The whole way: check-in, kept, what one tries, taken out."""
    page = visit("/", java_script_enabled=False)
    begin(page)
    walk(page, "/answers").get_by_role("link", name="See your result").click()
    expect(page.locator("main")).to_contain_text("This check-in is in your diary")
    page.get_by_role("link", name="Say what you try").click()
    page.get_by_role("button", name=re.compile("I did it")).first.click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    page.goto("/result")
    page.get_by_role("button", name="Do not keep this check-in").click()
    expect(page.locator("main")).to_contain_text("This check-in is not in your diary.")
    assert all(url.startswith(page.url.split("/result")[0]) for url in page.asked_for)


def test_a_chosen_number_can_be_seen_without_color(visit):
    """In forced colors the chosen tile has a border of its own."""
    page = visit("/diary/log", forced_colors="active")
    page.get_by_role("radio", name="7", exact=True).click()
    widths = page.locator(".score label").evaluate_all(
        "all => all.map(one => getComputedStyle(one).borderTopWidth)"
    )
    assert len(set(widths)) == 2


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_axe_finds_nothing_and_nothing_is_cut_off(visit, filled, look):
    """Every page of the diary, filled and with faults, in every look, at 320 px."""
    place, entry = filled
    page = visit("/diary", place, viewport={"width": 320, "height": 800}, **look)
    change = page.locator(".entries a").last.get_attribute("href")
    for path in (*DIARY_PAGES, f"/diary/entries/{entry}", change):
        page.goto(path)
        looked_at(page, path)
    page.goto("/diary/log")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    looked_at(page, "a fault")


def looked_at(page, path):
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    found = Axe().run(page)
    assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
    fits(page, 320)


def test_an_empty_diary_has_nothing_wrong(visit):
    """The first visit, before anything was said."""
    page = visit("/diary", viewport={"width": 320, "height": 800})
    for path in DIARY_PAGES:
        page.goto(path)
        looked_at(page, path)


def test_every_target_is_large_enough(visit, filled):
    """Tiles and buttons of the diary are at least 44 px high; links at least 24."""
    page = visit("/diary", filled[0], **PHONE)
    for path in ("/diary", "/diary/log"):
        page.goto(path)
        for kind, least in (("main label:visible, main button:visible", 44), ("main li a:visible", 24)):
            sizes = page.locator(kind).evaluate_all(
                "all => all.map(one => one.getBoundingClientRect().height)"
            )
            assert min(sizes, default=least) >= least, (path, kind, sizes)


def test_the_strip_says_what_the_diary_says(visit, filled):
    """The numbers of the strip are the worst of each day, and a day nobody spoke of is empty."""
    place, _ = filled
    page = visit("/diary", place)
    cells = page.locator(".strip tbody td").all_inner_texts()
    assert len(cells) == 56
    with_words = [cell for cell in cells if cell.strip()]
    assert sum(cell.startswith("-") for cell in with_words) == 13
    assert any("spasms" in cell for cell in with_words)
