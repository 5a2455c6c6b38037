"""People in a real browser: the kinds of pages, the way to each, and what is looked at."""

from __future__ import annotations

import pytest
from visitor import CALM

WAYS = {  # what was answered, the page or the question it leads to, and the page to look at
    "start": ({}, "chest_pressure", "/"),
    "lost": ({}, "chest_pressure", "/nowhere"),
    "signs": ({}, "chest_pressure", ""),
    "sign_error": ({}, "chest_pressure", ""),
    "act_now": ({"chest_pressure": "yes"}, "/now", ""),
    "single": ({}, "quality", ""),
    "again": ({"any_urine": "yes", "dark_urine": "not_sure"}, "/check/4", ""),
    "already": ({"dark_urine": "yes"}, "region", ""),
    "region": ({}, "region", ""),
    "region_chosen": ({"region": ["low_back", "shoulder", "calf"]}, "region_main", "/check/3"),
    "numbers": ({}, "duration_days", ""),
    "error": ({}, "duration_days", ""),
    "list": ({}, "med_unknown_pill", ""),
    "names": ({}, "/medicines", ""),
    "answers": ({}, "/answers", ""),
    "result": ({}, "/answers", "/result"),
    "more": ({}, "/answers", "/result/more"),
    "urgent": ({"calf_tender_deep": "yes", "limb_warm_red": "yes"}, "/answers", "/result"),
    "emergency": ({"dark_urine": "yes"}, "region", "/result"),
    "early": ({}, "any_urine", "/result"),
}
TYPED = {"names": "lisinoprill\nsnake oil"}

CUT_OFF = """() => [...document.querySelectorAll('body *')].filter(one => {
  const style = getComputedStyle(one);
  const hides = !one.closest('svg, .hidden, .skip') && style.overflowX !== 'visible';
  return hides && one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1;
}).map(one => one.outerHTML.slice(0, 90))"""

RING = """() => {
  const channels = color => color.match(/[0-9.]+/g).map(Number);
  const light = color => channels(color).slice(0, 3).map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const active = document.activeElement;
  const shown = active.matches('.tick > input') ? active.nextElementSibling : active;
  const ring = getComputedStyle(shown);
  let behind = shown.parentElement;
  while (behind.parentElement && (channels(getComputedStyle(behind).backgroundColor)[3] ?? 1) === 0) {
    behind = behind.parentElement;
  }
  const [low, high] = [light(ring.outlineColor), light(getComputedStyle(behind).backgroundColor)]
    .sort((a, b) => a - b);
  const box = shown.getBoundingClientRect();
  return {
    what: shown.outerHTML.slice(0, 90),
    width: ring.outlineStyle === 'none' ? 0 : parseFloat(ring.outlineWidth),
    contrast: (high + .05) / (low + .05),
    inSight: box.bottom > 0 && box.top < innerHeight,
  };
}"""


def fill(page, answers):
    """Fill one page in: what is given, else none, no, or the first choice."""
    if page.locator("#text\\.medicines").count():
        page.get_by_label("I take nothing").check()
    else:
        for name in asked_on(page):
            if not page.locator(f'.sign [name="tick.{name}"]').count():
                fill_question(page, name, answers.get(name))
        if page.locator(".signs").count():
            page.locator('[name="tick.none_of_these"]').check()
    page.get_by_role("button", name="Continue").click()


def asked_on(page):
    """The questions on a page."""
    return page.locator("[name=asked]").evaluate_all("all => all.map(one => one.value)")


def fill_question(page, name, answer):
    """Fill the fields of one question in."""
    text = page.locator(f'[name="text.{name}"]')
    if answer and text.count() and answer != "not_sure":
        text.fill(answer)
        return
    for value in answer if isinstance(answer, list) else [answer or "no", "none", "not_sure"]:
        box = page.locator(f'[name="tick.{name}"][value="{value}"]')
        if box.count():
            box.check()
            if not isinstance(answer, list):
                return


def begin(page):
    """Press Start."""
    page.get_by_role("button", name="Start", exact=True).click()
    return page


def walk(page, until):
    """Answer calmly until the address ends as said, or a question is asked."""
    for _ in range(120):
        page.wait_for_load_state()
        if page.url.endswith(until) or until in asked_on(page):
            return page
        fill(page, CALM)
    pytest.fail(f"never came to {until}")


def press_until(page, name):
    """Press Tab until the focus is on what has this name."""
    script = "document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText"
    for _ in range(60):
        page.keyboard.press("Tab")
        if (page.evaluate(script) or "").strip() == name:
            return
    pytest.fail(f"the keyboard never reached {name}")


def fits(page, width):
    """Nothing scrolls sideways and nothing is cut off."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CUT_OFF) == []


DIARY_PAGES = (
    "/diary",
    "/diary/log",
    "/diary/day/2026-11-20",
    "/diary/plan",
    "/diary/reminders",
    "/diary/yours",
    "/diary/insight",
)
"""The pages of a diary that anybody can open."""
