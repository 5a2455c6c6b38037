"""What a device kept is taken once, however often it comes, and only from our own pages."""

from __future__ import annotations

import time
import uuid
import warnings

import pytest
from litestar.testing import TestClient
from visitor import HERE, OURS

from unknot.errors import StoreError
from unknot.service.opening import fresh
from unknot.service.settings import Settings
from unknot.store import reading
from unknot.web.app import create_app
from unknot.web.security import MOST_BYTES

A_DAY = 86_400_000


class Device:
    """What sends entries to the diary."""

    def __init__(self, client, site):
        self.client, self.site = client, site

    def put(self, fields, path="", **headers):
        """Send one entry."""
        address = f"/diary/entries/{path or fields['revision']}"
        return self.client.put(address, data=fields, headers={**OURS, **headers})

    def entries(self):
        """What the diary holds, but for whose it is."""
        kept = self.site.mine().store.everything()
        return [one for one in kept if one.entry != one.person]

    def whose(self):
        """Whose diary it is."""
        return self.client.get("/diary/whose").json()["diary"]


@pytest.fixture
def device(tmp_path):
    """A device that reaches its diary."""
    app = create_app(Settings(diary=str(tmp_path / "diary.db"), zone="Asia/Tokyo"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        client = TestClient(app, base_url=HERE)
    with client:
        yield Device(client, app.state["diary"])


def spasm(**more):
    """One spasm as a form sends it."""
    said = {"entry": str(uuid.uuid4()), "revision": str(uuid.uuid4()), "kind": "episode", "place": "calf"}
    return said | {"worst": "7", "at": str(now()), "written": str(now()), "zone": "Europe/Berlin"} | more


def now():
    """The present moment as a browser says it."""
    return time.time_ns() // 1_000_000


def test_sent_twice_is_saved_once(device):
    """The same words under the same id get a receipt each time, and stand in the diary once."""
    said = spasm()
    first, second = device.put(said), device.put(said)
    assert (first.status_code, second.status_code) == (200, 200)
    receipt = {"id": said["revision"], "entry": said["entry"], "diary": device.whose()}
    assert first.json() == receipt | {"new": True}
    assert second.json() == receipt | {"new": False}
    assert [one.id for one in device.entries()] == [said["revision"]]


def test_posted_and_then_sent_is_saved_once(device):
    """A form that went the plain way, and is sent by the device as well, is one entry."""
    said = spasm()
    assert device.client.post("/diary/log", data=said, headers=OURS).status_code == 200
    answer = device.put(said)
    assert (answer.status_code, answer.json()["new"]) == (200, False)
    assert len(device.entries()) == 1


def test_other_words_under_the_same_id_are_refused(device):
    """Neither is changed: the device keeps its own and asks."""
    said = spasm()
    device.put(said)
    answer = device.put(said | {"worst": "2"})
    assert (answer.status_code, answer.json()) == (409, {"kind": "other_words"})
    assert [one.body.worst for one in device.entries()] == [7]


def test_a_fault_is_told_in_words(device):
    """What the person can mend comes with its words; nothing is saved."""
    answer = device.put(spasm(place="elbow-of-nobody"))
    assert answer.status_code == 422
    assert answer.json() == {"kind": "faults", "words": "Where: choose a place."}
    said = spasm(worst="11")
    spanish = device.put(said, **{"accept-language": "es"}).json()
    assert spanish["kind"] == "faults"
    assert spanish["words"] != device.put(said).json()["words"]
    assert device.entries() == []


@pytest.mark.parametrize("wrong", [{"kind": "nothing"}, {"entry": "x"}, {"at": "soon"}, {"revision": "x"}])
def test_what_is_no_form_of_ours_is_refused(device, wrong):
    """What no page of ours can have sent is not tried again by itself."""
    answer = device.put(spasm() | wrong)
    assert (answer.status_code, answer.json()) == (400, {"kind": "refused"})


def test_the_address_names_what_is_sent(device):
    """An entry under the address of another is refused."""
    answer = device.put(spasm(), path=str(uuid.uuid4()))
    assert (answer.status_code, answer.json()) == (400, {"kind": "refused"})


@pytest.mark.parametrize("form", ["application/json", "text/plain", "multipart/form-data; boundary=x", ""])
def test_only_a_plain_form_is_read(device, form):
    """Nothing is guessed from a body of another type."""
    address = f"/diary/entries/{uuid.uuid4()}"
    answer = device.client.put(address, content=b"{}", headers={**OURS, "content-type": form})
    assert (answer.status_code, answer.json()) == (415, {"kind": "refused"})


def test_too_much_is_refused(device):
    """A body beyond the cap is not read."""
    assert device.put(spasm(note="x" * MOST_BYTES)).status_code == 413
    assert device.put(spasm(note="x" * 5_000)).json()["kind"] == "faults"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": HERE},
    ],
)
def test_another_site_cannot_write(device, headers):
    """Only our own pages may send; a page elsewhere is not even told that it may ask."""
    assert device.put(spasm(), **headers).status_code == 403
    asked = device.client.options(f"/diary/entries/{uuid.uuid4()}", headers={"origin": "http://evil.example"})
    assert not [name for name in asked.headers if name.startswith("access-control")]
    assert device.entries() == []


def test_an_entry_for_an_erased_diary_is_asked_about(device):
    """After everything was erased, what was written before goes nowhere by itself."""
    before = device.whose()
    mine = device.site.mine()
    mine.store.erase(fresh(), now())
    device.site.begin_anew()
    assert device.whose() != before
    answer = device.put(spasm(diary=before))
    assert answer.status_code == 412
    assert answer.json() == {"kind": "other_diary", "diary": device.whose()}
    assert device.entries() == []
    assert device.put(spasm(diary=device.whose())).status_code == 200


def test_trouble_with_the_disk_asks_to_come_again(device, monkeypatch):
    """While the store cannot write, the device is told to wait, and nothing is called saved."""
    said = spasm()

    def full(*_):
        raise StoreError

    with monkeypatch.context() as broken:
        broken.setattr(type(device.site.mine().store), "add", full)
        answer = device.put(said)
    assert (answer.status_code, answer.json()) == (503, {"kind": "later"})
    assert int(answer.headers["retry-after"]) > 0
    assert device.put(said).json()["new"] is True


def test_without_a_diary_the_device_waits():
    """Where the diary is closed, entries stay on the device."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        client = TestClient(create_app(Settings(diary="off")), base_url=HERE)
    with client:
        answer = client.put(f"/diary/entries/{uuid.uuid4()}", data=spasm(), headers=OURS)
    assert (answer.status_code, answer.json()) == (503, {"kind": "later"})


def test_an_entry_is_of_the_day_its_device_lived(device):
    """The zone and the time are those of the device, not of the server or of the sending."""
    said = spasm(zone="America/New_York", at="1763775000000", written="1763775000000")  # 20:30 on the 21st
    device.put(said)
    [one] = device.entries()
    assert (one.body.when.day, one.body.when.zone) == ("2025-11-21", "America/New_York")
    assert (one.written.at, one.written.day) == (1_763_775_000_000, "2025-11-21")


def test_a_time_of_day_is_of_the_day_it_was_written(device):
    """A quarter past eight, sent a year later, was the evening it was written."""
    said = spasm(zone="America/New_York", at="", time="20:15", written="1763775000000")
    device.put(said)
    assert [one.body.when.at for one in device.entries()] == [1_763_774_100_000]


def test_a_device_far_ahead_is_told_to_look_at_the_date(device):
    """A phone two years ahead keeps its entry until the date is mended."""
    ahead = str(now() + 730 * A_DAY)
    said = spasm(at=ahead, written=ahead)
    assert device.put(said).json()["kind"] == "faults"
    assert device.put(said | {"date": "2025-11-21"}).json()["new"] is True
    [one] = device.entries()
    assert one.body.when.day == "2025-11-21"
    assert abs(one.written.at - now()) < A_DAY


def test_a_server_behind_its_devices_takes_their_entries(device):
    """An hour or a day of difference between the clocks loses nothing."""
    ahead = str(now() + A_DAY)
    assert device.put(spasm(at=ahead, written=ahead)).status_code == 200
    assert device.put(spasm(written="nonsense", zone="Not/AZone")).status_code == 200


def test_two_changes_of_one_entry_are_both_kept(device):
    """The same entry changed on two devices stands twice, until somebody chooses."""
    first = spasm()
    device.put(first)
    for worst in ("3", "9"):
        change = spasm(entry=first["entry"], parent=first["revision"], worst=worst)
        assert device.put(change).status_code == 200
    store = device.site.mine().store
    versions = store.read(reading.versions, first["entry"])
    assert sorted(one.body.worst for one in versions) == [3, 9]
    assert store.read(reading.conflicts, device.whose()) == (first["entry"],)


def test_nothing_that_was_sent_reaches_a_log(device, caplog, capfd):
    """Neither what is saved nor what is refused leaves a trace."""
    caplog.set_level("DEBUG")
    device.put(spasm(note="zzqsecret"))
    device.put(spasm(note="zzqsecret", worst="zzqsecret"))
    assert "zzqsecret" not in caplog.text + "".join(capfd.readouterr())
