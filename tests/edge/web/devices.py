"""A phone and the computer it writes to: both can be switched off at any moment."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
from playwright.sync_api import expect

from unknot.service.opening import open_diary

HERE = Path(__file__).parent


class Home:
    """The computer that keeps the diary."""

    def __init__(self, folder):
        """Take a port, and keep everything in a folder."""
        self.diary, self.seen, self.process = folder / "diary.db", folder / "seen.txt", None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://localhost:{self.port}"

    def start(self, *how, **settings):
        """Serve the pages."""
        environment = os.environ | {"UNKNOT_DIARY": str(self.diary)} | settings
        command = [sys.executable, str(HERE / "serving.py"), str(self.port), str(self.seen), *how]
        self.process = subprocess.Popen(command, env=environment)
        for _ in range(600):
            try:
                httpx.get(f"{self.address}/icon.svg")
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return self
        raise TimeoutError

    def stop(self):
        """Stop as people stop it."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=20)

    def died(self):
        """Wait until it has died of itself."""
        return self.process.wait(timeout=30) == -signal.SIGKILL

    def deliveries(self):
        """The address of every entry that was sent, as often as it came."""
        return self.seen.read_text().split() if self.seen.exists() else []

    def entries(self):
        """What the diary holds, but for whose it is; only while nobody serves it."""
        with open_diary(str(self.diary), lambda: None, reading=True) as diary:
            return [one for one in diary.store.everything() if one.entry != one.person]


class Phone:
    """A browser with a profile of its own, in a process of its own."""

    def __init__(self, kind, program, folder, home):
        """Nothing is switched on yet."""
        self.kind, self.program, self.profile, self.home = kind, program, folder, home
        self.process, self.browser = None, None

    def start(self, init=""):
        """Switch it on."""
        port = self.profile / "DevToolsActivePort"
        port.unlink(missing_ok=True)
        command = [*self.program, "--headless=new", f"--user-data-dir={self.profile}"]
        self.process = subprocess.Popen(
            [*command, "--remote-debugging-port=0", "about:blank"],
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(400):
            if port.exists() and port.read_text().strip():
                break
            time.sleep(0.05)
        self.browser = self.kind.connect_over_cdp(f"http://127.0.0.1:{port.read_text().split()[0]}")
        self.context = self.browser.contexts[0]
        if init:
            self.context.add_init_script(init)
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        return self

    def kill(self):
        """Take the battery out."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=20)

    def open(self, path):
        """Open a page, as the address bar does."""
        self.page.goto(self.home.address + path)
        return self.page

    def install(self):
        """Visit once, until the device has what it needs to go on alone."""
        page = self.open("/diary/log")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        wait_until(page, "navigator.serviceWorker.controller !== null")
        return page

    def go_offline(self):
        """No network, and nobody at the other end either."""
        self.context.set_offline(True)
        self.home.stop()


def wait_until(page, script):
    """Wait until a script says yes; Playwright's own way needs a policy that allows eval."""
    for _ in range(200):
        if page.evaluate(script):
            return
        page.wait_for_timeout(50)
    raise TimeoutError(script)


def see_waiting(page, count):
    """See how many entries wait on a device."""
    expect(page.locator("#unsynced")).to_have_text(f"Not sent yet: {count}", timeout=20_000)


def log_spasm(page, place="calf", worst="7", note=""):
    """Fill the form in and save it."""
    page.locator(f'[name=place][value="{place}"]').first.check()
    page.locator(f'[name=worst][value="{worst}"]').check()
    if note:
        page.locator("details:has([name=note]) > summary").last.click()
        page.locator("[name=note]").first.fill(note)
    page.get_by_role("button", name="Save", exact=True).click()
