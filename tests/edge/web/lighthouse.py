"""Look at the pages as Lighthouse does, on its slow phone: ``python3 tasks.py lighthouse``.

Each kind of page is looked at several times and the medians are printed; the recipe fails when
a page falls short. Timings are simulated by Lighthouse for a slow phone on a slow network.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from browsing import WAYS
from screenshots import came, served

from unknot.web.sessions import COOKIE

RUNS: Final = 3
SCORES: Final = {"performance": 95, "accessibility": 100, "best-practices": 100}
"""The least of each score that a page must reach."""
SLOWEST_PAINT: Final = 1800
"""The latest that the largest part of a page may be painted, in milliseconds."""
KINDS: Final = ("start", "signs", "region", "answers", "result", "urgent", "act_now")


def main() -> None:
    """Look at every kind of page, print a table, write it where that is asked for, and judge."""
    command = shutil.which("lighthouse", path=os.environ.get("LIGHTHOUSE_BIN")) or sys.exit("no lighthouse")
    chromium = os.environ.get("UNKNOT_CHROMIUM") or shutil.which("chromium") or sys.exit("no Chromium")
    found = {}
    with served() as origin:
        for kind in KINDS:
            cookie, path = came(kind, origin)
            address = origin + (WAYS[kind][2] or path)
            looks = [look(command, chromium, address, f"{COOKIE}={cookie}") for _ in range(RUNS)]
            found[kind] = {name: statistics.median(one[name] for one in looks) for name in looks[0]}
            row = ", ".join(f"{name} {value:g}" for name, value in found[kind].items())
            sys.stdout.write(f"{kind:10} {row}\n")
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(found, indent=1))
    poor = [kind for kind, values in found.items() if not is_good(values)]
    if poor:
        sys.exit(f"these fall short: {', '.join(poor)}")


def is_good(values: Mapping[str, float]) -> bool:
    """Whether a page reaches every score, and is painted in time."""
    scores = all(values[name] >= least for name, least in SCORES.items())
    return scores and values["largest paint (ms)"] <= SLOWEST_PAINT


def look(command: str, chromium: str, address: str, cookie: str) -> dict[str, float]:
    """The scores of one look, out of 100, and when the largest part was painted."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        headers = Path(folder) / "headers.json"
        headers.write_text(json.dumps({"Cookie": cookie}))
        wanted = ",".join(SCORES)
        flags = "--headless=new --no-sandbox --disable-gpu"
        subprocess.run(
            [command, address, "--quiet", "--output=json", f"--output-path={report}",
             f"--only-categories={wanted}", f"--chrome-flags={flags}", f"--extra-headers={headers}"],
            check=True, env={**os.environ, "CHROME_PATH": chromium},
        )  # fmt: skip
        said: dict[str, Any] = json.loads(report.read_text())
    scores = {name: round(said["categories"][name]["score"] * 100) for name in SCORES}
    return {**scores, "largest paint (ms)": round(said["audits"]["largest-contentful-paint"]["numericValue"])}


if __name__ == "__main__":
    main()
