"""The one style sheet: the foundation, then every component, in an order that does not matter."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
_REMARK: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE: Final = re.compile(r"\s*([{};,])\s*|\s+")


def assemble() -> str:
    """The sheet as it is served: without remarks and without what only people need."""
    return "".join(_tight(path.read_text(encoding="utf-8")) for path in sheets())


def sheets() -> Iterator[Path]:
    """The files of the sheet: values and plain elements first, paper last, so that it wins."""
    foundation = HERE / "foundation"
    yield foundation / "tokens.css"
    yield foundation / "base.css"
    yield from sorted((HERE / "components").glob("*/*.css"))
    yield foundation / "print.css"


def _tight(css: str) -> str:
    """Shorter, and the same.

    >>> _tight("/* why */ a, b { color: red;  }")
    'a,b{color:red}'
    """
    shorter = _SPACE.sub(lambda found: found[1] or " ", _REMARK.sub("", css))
    return shorter.replace(": ", ":").replace(";}", "}").strip()


STYLE: Final = assemble()
STYLE_VERSION: Final = hashlib.sha256(STYLE.encode()).hexdigest()[:12]
