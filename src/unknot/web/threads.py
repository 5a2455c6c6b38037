"""Work with the disk, done beside the loop that answers everybody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from litestar.concurrency import sync_to_thread

Given = ParamSpec("Given")
Got = TypeVar("Got")


def in_a_thread(does: Callable[Given, Got]) -> Callable[Given, Awaitable[Got]]:
    """The same, in a thread of its own.

    Litestar's own ``sync_to_thread=True`` wraps a function twice when two of them share an address.
    """

    @wraps(does)
    async def beside(*args: Given.args, **named: Given.kwargs) -> Got:
        return await sync_to_thread(does, *args, **named)

    return beside
