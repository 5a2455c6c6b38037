from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from unknot.knowledge.load import load_knowledge
from unknot.web.drawing import DRAWING, Choice, areas

INSIDE = """([value, nth]) => {
  const path = document.querySelectorAll(`input[value="${value}"] + label path`)[nth];
  const box = path.getBBox(), frame = path.ownerSVGElement.getBoundingClientRect();
  const isIn = (x, y) => [-3, 0, 3].every(dx => [-3, 0, 3].every(
    dy => path.isPointInFill(new DOMPoint(x + dx, y + dy))));
  for (let y = box.y + box.height / 2; y < box.y + box.height; y++) {
    for (let x = box.x; x < box.x + box.width; x++) {
      if (isIn(x, y)) return [frame.x + x * frame.width / 336, frame.y + y * frame.width / 336];
    }
  }
}"""
FILL = """([value, side]) => getComputedStyle(
  document.querySelector(`input[value="${value}"] + label path.${side}`)).fillOpacity"""


@pytest.fixture(scope="module")
def knowledge():
    return load_knowledge()


def test_every_region_is_drawn(knowledge):
    """Each region of the knowledge has its outline, and nothing is drawn that is no region."""
    whole = {"all_over"}
    drawn = {row.id for row in DRAWING.region}
    assert drawn | whole == knowledge.regions.keys()
    assert all(row.shapes for row in DRAWING.region)
    assert all(bool(row.left) == bool(row.right) for row in DRAWING.region)


def test_every_choice_stands_in_one_area(knowledge):
    """The areas hold every choice once, in the order of the question, each area once."""
    question = knowledge.questions[knowledge.content.bodymap_about.question]
    choices = tuple(Choice(option.id, option.text, ticked=False) for option in question.options)
    found = areas(choices, knowledge)
    assert [spot.value for area in found for spot in area.spots] == [one.value for one in choices]
    assert len({area.title for area in found}) == len(found)


@pytest.mark.parametrize("region", ["shoulder", "shoulder_blade", "upper_back", "mid_back", "low_back"])
def test_the_back_and_the_shoulder_are_said_in_other_words(knowledge, region):
    """Where people mistake one place for another, the place is described."""
    assert knowledge.regions[region].means


@pytest.mark.browser
@pytest.mark.parametrize(("width", "touch"), [(320, True), (390, True), (390, False), (1280, False)])
def test_a_tap_on_the_picture_ticks_the_box(show, width, touch):
    """A tap on a place ticks its box, says it in words and leaves the page where it is; one more unticks it."""
    page = show("region", has_touch=touch, viewport={"width": width, "height": 900})
    tap = page.touchscreen.tap if touch else page.mouse.click
    for value, text in (("low_back", "Low back"), ("chest", "Chest, ribs"), ("hand", "Hand, fingers")):
        box = page.locator(f'input[value="{value}"]')
        page.locator(".picture").scroll_into_view_if_needed()
        before = page.evaluate("scrollY")
        tap(*page.evaluate(INSIDE, [value, 0]))
        expect(box).to_be_checked()
        assert page.evaluate("scrollY") == before
        expect(page.locator(".told", has_text=text)).to_be_visible()
        tap(*page.evaluate(INSIDE, [value, 0]))
        expect(box).not_to_be_checked()


@pytest.mark.browser
def test_the_map_works_without_scripts(show):
    """With scripts off a tick, and a tap on its label, are sent and come back on the next visit."""
    page = show("region", java_script_enabled=False)
    page.get_by_role("checkbox", name="Middle back").check()
    page.locator("label", has_text="Left").first.click()
    page.get_by_role("button", name="Continue").click()
    page.goto("/check/3")
    expect(page.get_by_role("checkbox", name="Middle back")).to_be_checked()


@pytest.mark.browser
def test_the_picture_is_silent(show):
    """A screen reader hears the boxes in groups, each with its own words, and nothing of the picture."""
    page = show("region")
    heard = page.locator(".map").aria_snapshot()
    assert 'checkbox "Low back"' in heard
    assert 'group "Shoulders, back"' in heard
    assert "Your right" not in heard
    assert "img" not in heard
    low_back = page.get_by_role("checkbox", name="Low back", exact=True)
    expect(low_back).to_have_accessible_description(": at your back, from the waist down to the buttocks")


@pytest.mark.browser
def test_the_chosen_side_stands_out(show):
    """When the left side is chosen, the right one fades; the sides are the person's own."""
    page = show("region_chosen")
    assert page.evaluate(FILL, ["calf", "left"]) == "1"
    assert page.evaluate(FILL, ["calf", "right"]) == "0.25"
    assert page.evaluate(FILL, ["low_back", "middle"]) == "1"


def test_the_sides_are_the_persons_own():
    """On the front view the right side of the body is on the left of the picture, on the back view not."""
    front, back = 84, 252
    for outline in DRAWING.region:
        for side, path in outline.shapes:
            for start in re.findall(r"M([0-9.]+)", path):
                on_front = float(start) < (front + back) / 2
                beside = float(start) - (front if on_front else back)
                own_left = beside > 0 if on_front else beside < 0
                assert side == "middle" or own_left == (side == "left"), outline.id
