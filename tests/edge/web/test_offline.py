"""The promise of the diary in a real browser: what was kept is saved once, whatever is switched off."""

from __future__ import annotations

import pytest
from devices import Home, Phone, log_spasm
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def home(tmp_path):
    """A computer that serves the diary."""
    home = Home(tmp_path).start()
    yield home
    home.stop()


@pytest.fixture
def phone(browser, tmp_path, home):
    """A phone that was at home once."""
    phone = Phone(browser, tmp_path / "profile", home)
    yield phone
    phone.kill()


def test_two_entries_survive_everything(home, phone):
    """Offline, two entries, the browser killed, the server dead between commit and reply: two entries."""
    page = phone.start().install()
    phone.go_offline()
    page = phone.open("/diary/log")
    expect(page.get_by_text("You are offline.")).to_be_visible()
    log_spasm(page)
    expect(page.get_by_text("Kept on this device.")).to_be_visible()
    phone.waits(1)
    page.get_by_role("button", name="No spasm today").click()
    phone.waits(2)
    phone.kill()

    page = phone.start().open("/diary")
    phone.waits(2)
    home.start("dies")
    assert home.died()
    phone.waits(2)
    home.start()
    page.reload()
    phone.waits(0)

    home.stop()
    entries = home.entries()
    assert sorted(type(one.body).__name__ for one in entries) == ["Episode", "NoneToday"]
    deliveries = home.deliveries()
    assert len(deliveries) >= 3
    assert len(set(deliveries)) == 2
