"""Draw the icons for home screens from `src/unknot/web/icon.svg`: `python tools/icons.py`.

A maskable icon fills its square, and what matters lies in the middle: a device cuts off the rim.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

WEB = Path(__file__).resolve().parent.parent / "src" / "unknot" / "web"
PLAIN = "<style>*{{margin:0}}svg{{display:block;width:{size}px;height:{size}px}}</style>{svg}"
SIZES = (192, 512)
CORNERS, SQUARE = 'rx="8"', 'rx="0"'
OUTER = ('viewBox="0 0 32 32"', 'viewBox="-4 -4 40 40"')
GROUND = ('<rect width="32" height="32"', '<rect x="-4" y="-4" width="40" height="40"')


def main() -> None:
    """Draw each size twice: with round corners, and to the rim."""
    chromium = os.environ.get("UNKNOT_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        sys.exit("no Chromium: install it or set UNKNOT_CHROMIUM")
    svg = (WEB / "icon.svg").read_text()
    full = svg.replace(CORNERS, SQUARE).replace(*OUTER).replace(*GROUND)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for size in SIZES:
            for name, drawing in (("icon", svg), ("maskable", full)):
                page = browser.new_page(viewport={"width": size, "height": size})
                page.set_content(PLAIN.format(size=size, svg=drawing))
                file = WEB / "icons" / f"{name}-{size}x{size}.png"
                page.screenshot(path=file, omit_background=True)
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
