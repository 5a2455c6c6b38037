"""Bring the gettext catalogs of the interface up to date with the code and the templates.

`python3 tasks.py words` runs this. What is new is left empty, what is gone is taken away, and
nothing is guessed from a text that is only alike.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parent.parent / "src" / "unknot"
LOCALE = SOURCE / "locale"
PAGES = ("web/templates/**.html", "web/components/**.html")
METHODS = [*((pattern, "jinja2.ext:babel_extract") for pattern in PAGES), ("**.py", "python")]
OPTIONS = {pattern: {"trimmed": "true", "silent": "false"} for pattern in PAGES}
KEYWORDS = {"gettext": None, "ngettext": (1, 2), "N_": None, "_": None}
HEADER = """\
# Words of the program itself, around what the knowledge says.
msgid ""
msgstr ""
"Language: {code}\\n"
"Plural-Forms: {plural}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def extracted() -> Catalog:
    """Every text of the code and the templates, with the files it stands in."""
    found = Catalog(charset="utf-8")
    rows = extract_from_dir(str(SOURCE), METHODS, OPTIONS, KEYWORDS)
    for file, _, message, _, context in sorted(rows, key=lambda row: (row[0], row[1])):
        found.add(message, locations=[(file, 0)], context=context)
    return found


def renewed(code: str) -> bytes:
    """The catalog of a language as it should stand now."""
    path = LOCALE / code / "LC_MESSAGES" / "unknot.po"
    old = read_po(BytesIO(path.read_bytes()), charset="utf-8") if path.exists() else Catalog()
    new = Catalog(locale=code, charset="utf-8")
    for message in extracted():
        if message.id:
            known = old.get(message.id) if not isinstance(message.id, tuple) else old.get(message.id[0])
            words = known.string if known and known.id == message.id else None
            new.add(message.id, words, locations=message.locations, flags=known.flags if known else ())
    buffer = BytesIO()
    write_po(buffer, new, width=100, omit_header=True, include_lineno=False)
    return HEADER.format(code=code, plural=new.plural_forms).encode() + buffer.getvalue()


def main() -> None:
    """Renew every catalog, and say how much is left to translate."""
    codes = sys.argv[1:] or sorted(path.name for path in LOCALE.iterdir() if path.is_dir())
    for code in codes:
        path = LOCALE / code / "LC_MESSAGES" / "unknot.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(renewed(code))
        rows = [message for message in read_po(BytesIO(path.read_bytes()), charset="utf-8") if message.id]
        empty = [
            row for row in rows if not row.string or (isinstance(row.string, tuple) and not all(row.string))
        ]
        print(f"Interface in {code}: {len(rows)} texts, {len(empty)} missing.")


if __name__ == "__main__":
    main()
