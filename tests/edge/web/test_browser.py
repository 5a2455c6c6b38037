from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import RING, WAYS, begin, fits, press_until, walk
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
LOOKS = ({"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"})
BIG_TEXT = "html { font-size: 200% }"


def test_the_whole_journey_without_scripts(open_page, origin):
    """A calm person reaches self-care and a plan, and no request leaves our origin."""
    page = begin(open_page(java_script_enabled=False))
    walk(page, "/answers").get_by_role("link", name="See your result").click()
    expect(page.locator("section.care")).to_have_count(1)
    expect(page.locator("h1")).to_contain_text("Self-care")
    expect(page.get_by_role("heading", name="What you can do meanwhile")).to_be_visible()
    assert all(url.startswith(origin + "/") for url in page.asked_for)


def test_an_emergency_shows_its_card_on_the_next_page(open_page):
    """The page after a sign of emergency has the number to call, and no question."""
    page = begin(open_page(java_script_enabled=False))
    page.get_by_role("checkbox", name="Tight, heavy or squeezing chest, last 12 hours", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("h1")).to_contain_text("Call 911 now")
    expect(page.get_by_role("link", name="Call 911")).to_have_attribute("href", "tel:911")
    expect(page.locator("input:not([type=hidden])")).to_have_count(0)


def test_back_reload_and_history_keep_the_answers(open_page):
    """The browser's own back button and a reload show the page as it was answered."""
    page = begin(open_page(java_script_enabled=False))
    none = page.get_by_label("None of all these", exact=True)
    none.check()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/check/2")
    page.reload()
    page.go_back()
    expect(none).to_be_checked()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Back").click()
    expect(none).to_be_checked()


def test_the_keyboard_is_enough(open_page):
    """Start, tick and go on with Tab, Space and Enter alone, with the focus in sight."""
    page = open_page()
    press_until(page, "Start")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check/1")
    press_until(page, "None of all these")
    page.keyboard.press("Space")
    press_until(page, "Continue")
    outline = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
    assert outline >= 2
    page.keyboard.press("Enter")
    page.wait_for_url("**/check/2")


def test_the_focus_is_always_in_sight(show):
    """On every kind of field and link the focus has a ring of 2 px and a contrast of 3 to 1."""
    for kind, colors in (
        ("region_chosen", "light"),
        ("signs", "dark"),
        ("result", "dark"),
        ("act_now", "light"),
    ):
        page = show(kind, color_scheme=colors)
        for _ in range(page.locator("a, button, input:not([type=hidden]), summary").count()):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
            ring = page.evaluate(RING)
            assert ring["width"] >= 2, ring
            assert ring["contrast"] >= 3, ring
            assert ring["inSight"], ring


@pytest.mark.parametrize("kind", WAYS)
def test_nothing_is_cut_off_on_a_small_screen(show, kind):
    """At 320 px nothing scrolls sideways or is cut off, and every target is large enough."""
    page = show(kind, viewport={"width": 320, "height": 640})
    fits(page, 320)
    heights = "all => all.map(one => one.offsetHeight)"
    targets = page.locator("label, button, .button, summary, .links a, .back a")
    assert all(height >= 24 for height in targets.evaluate_all(heights))
    assert all(height >= 44 for height in page.locator(".button, .tick > label").evaluate_all(heights))


@pytest.mark.parametrize("kind", WAYS)
def test_text_of_double_size_fits(show, kind):
    """With text at 200 % a phone shows everything, and nothing scrolls sideways."""
    page = show(kind, viewport={"width": 390, "height": 844}, bypass_csp=True)
    page.add_style_tag(content=BIG_TEXT)
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    fits(page, 390)


@pytest.mark.parametrize("kind", [*WAYS, "gallery"])
def test_axe_finds_nothing(show, open_page, kind):
    """No page breaks a rule of accessibility that a machine can check: light, dark and forced colors."""
    page = open_page("/gallery", bypass_csp=True) if kind == "gallery" else show(kind, bypass_csp=True)
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    for look in LOOKS:
        page.emulate_media(**look)
        found = Axe().run(page)
        assert found.violations_count == 0, (look, found.generate_report())


def test_the_gallery_fits_a_small_screen(open_page):
    """Every part in every state fits on 320 px, and with text at 200 %."""
    page = open_page("/gallery", viewport={"width": 320, "height": 640}, bypass_csp=True)
    fits(page, 320)
    page.set_viewport_size({"width": 390, "height": 844})
    page.add_style_tag(content=BIG_TEXT)
    fits(page, 390)


@pytest.mark.parametrize(("kind", "most"), [("result", 2), ("urgent", 1), ("emergency", 1)])
def test_a_result_prints_on_two_pages(show, kind, most):
    """On paper the result takes one or two pages, with everything open and nothing to press."""
    page = show(kind)
    printed = page.pdf(format="Letter", prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page/") <= most
    page.emulate_media(media="print")
    expect(page.locator("section.care h1")).to_be_visible()
    expect(page.locator(".draft")).to_be_visible()
    for hidden in page.locator(".button, .quiet, .keep").all():
        expect(hidden).to_be_hidden()


def test_the_file_needs_nothing_else(show, tmp_path, browser):
    """The saved result opens alone, asks for nothing, and holds the advice and the answers."""
    page = show("result", accept_downloads=True)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Save as a file").click()
    waiting.value.save_as(tmp_path / "unknot-result.html")
    alone = browser.new_page()
    asked_for = []
    alone.on("request", lambda request: asked_for.append(request.url))
    alone.goto((tmp_path / "unknot-result.html").as_uri())
    expect(alone.locator("section.care h1")).to_contain_text("Self-care")
    expect(alone.get_by_text("What you told us", exact=True)).to_be_visible()
    expect(alone.get_by_text("Draft rules")).to_have_count(2)
    assert alone.evaluate("getComputedStyle(document.querySelector('.care')).borderTopStyle") == "solid"
    assert len(asked_for) == 1
    alone.close()
