"""A person at the pages, without a browser: reads the form, ticks, sends."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser

CALM = {
    "region": ["calf"],
    "side": "left",
    "quality": ["cramp"],
    "age_years": "40",
    "severity_0_10": "3",
    "duration_days": "3",
    "sex_at_birth": "female",
    "clear_mechanical_cause": "yes",
    "relieved_by_stretch": "yes",
    "movement_changes_pain": "yes",
    "interference_0_10": "2",
    "sleep_broken_nights_wk": "1",
    "onset": "minutes",
    "timing_main": "night_rest",
    "episode_length": "lt10min",
    "egfr": "not_sure",
}
GATES = {
    "any_urine": {"dark_urine"},
    "any_limb": {"calf_tender_deep", "limb_warm_red"},
    "any_medicine": {"med_recent_change"},
}
"""The gates of the signs that people here have; who has one says yes to its gate."""
HERE = "http://localhost:8765"
OURS = {"sec-fetch-site": "same-origin"}


class Form(HTMLParser):
    """The fields of a page."""

    def __init__(self, text):
        """Read a page."""
        super().__init__()
        self.action, self.hidden, self.values, self.texts, self.links = "", [], {}, [], []
        self.ticked = []
        self._done = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Keep what the form holds."""
        found = dict(attrs)
        if tag == "form" and not self.action:
            self.action = found["action"]
        elif tag == "a":
            self.links.append(found.get("href"))
        elif tag == "textarea":
            self.texts.append(found["name"])
        elif tag == "input" and not self._done:
            self._input(found)

    def handle_endtag(self, tag):
        """Leave the forms after the first alone."""
        if tag == "form":
            self._done = True

    def _input(self, found):
        name, value = found["name"], found.get("value", "")
        match found["type"]:
            case "hidden":
                self.hidden.append((name, value))
            case "text":
                self.texts.append(name)
            case _:
                self.values.setdefault(name, []).append(value)
                if "checked" in found:
                    self.ticked.append((name, value))

    @property
    def asked(self):
        """The questions on the page."""
        return [value for name, value in self.hidden if name == "asked"]

    @property
    def signs(self):
        """The questions that are ticked in a list."""
        return [name for name in self.asked if self.values.get(f"tick.{name}") == ["yes", "not_sure"]]


class Visitor:
    """One person, one check-in."""

    def __init__(self, client):
        """Sit down at this client."""
        self.client = client
        self.path, self.text, self.status = "", "", 0

    def open(self, path):
        """Open a page."""
        return self._keep(self.client.get(path, headers=OURS))

    def send(self, path, data):
        """Send a form."""
        return self._keep(self.client.post(path, data=data, headers=OURS))

    def start(self):
        """Begin a check-in."""
        return self.send("/start", {})

    @property
    def form(self):
        """The form on the page."""
        return Form(self.text)

    def answer(self, answers: Mapping[str, object] | None = None, medicines: str = ""):
        """Send the form on this page; what is not given is denied, or the first choice."""
        form, data = self.form, {}
        for name, value in form.hidden:
            data.setdefault(name, []).append(value)
        if "text.medicines" in form.texts:
            data["text.medicines"] = medicines
            data["tick.medicines"] = [] if medicines else ["nothing"]
        else:
            data |= self._signs(form, answers or {}) | self._questions(form, answers or {})
        return self.send(form.action, data)

    def walk(self, answers: Mapping[str, object], until="/answers", medicines=""):
        """Answer page after page until a page is reached, or one that asks a question."""
        seen = []
        had = {until, *(name for name, said in answers.items() if said in ("yes", "not_sure"))}
        answers = {**{gate: "yes" for gate, signs in GATES.items() if signs & had}, **answers}
        while self.path != until and until not in self.form.asked:
            seen.append(self.path)
            assert len(seen) < 120, seen[-5:]
            self.answer(answers, medicines)
            assert self.status == 200, (self.path, self.status)
        return seen

    @staticmethod
    def _signs(form, answers):
        ticks = {f"tick.{q}": [answers[q]] for q in form.signs if answers.get(q) in {"yes", "not_sure"}}
        return ticks or ({"tick.none_of_these": ["none"]} if form.signs else {})

    @staticmethod
    def _questions(form, answers):
        data = {}
        for name in set(form.asked) - set(form.signs):
            tick, text = f"tick.{name}", f"text.{name}"
            values = form.values.get(tick, [])
            if name in answers:
                data[text if text in form.texts and answers[name] != "not_sure" else tick] = answers[name]
            elif text in form.texts:
                data[tick] = ["not_sure"]
            else:
                data[tick] = next((v for v in ("no", "none") if v in values), values[0] if values else "")
        return data

    def _keep(self, answer):
        self.path, self.text, self.status = answer.url.path, answer.text, answer.status_code
        self.answered = answer
        return self
