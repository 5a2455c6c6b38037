from __future__ import annotations

import re

import pytest
from screenshots import FOLDER, PICTURES

ROOT = FOLDER.parents[1]
MOST_BYTES = 150 * 1024
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
NAMED = {name for page in DOCUMENTS for name in re.findall(r"screenshots/([\w-]+)\.png", page.read_text())}


def test_no_picture_is_missing_or_left_over():
    """The folder holds exactly the pictures that the recipe takes."""
    assert {picture.stem for picture in FOLDER.iterdir()} == PICTURES.keys()


def test_every_picture_is_shown_somewhere():
    """The documents show every picture, and none that is not taken."""
    assert PICTURES.keys() == NAMED


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_small(name):
    """A picture is a picture, and at most 150 KiB."""
    content = (FOLDER / f"{name}.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) <= MOST_BYTES
