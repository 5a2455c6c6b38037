"""One thing wrong with the knowledge: where it stands, and how to mend it."""

from __future__ import annotations

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """A refusal that names the file, the row or key, and the remedy."""

    file: str
    where: str
    what: str

    def __str__(self) -> str:
        """Print as ``file: row: what is wrong; what to do``."""
        return ": ".join(part for part in (self.file, self.where, self.what) if part)
