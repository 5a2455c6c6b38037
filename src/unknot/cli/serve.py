"""``unknot serve``: the pages on this machine, and nowhere else."""

from __future__ import annotations

import os
import socket
import webbrowser
from argparse import Namespace
from typing import Final

import uvicorn

from unknot.cli.say import say
from unknot.errors import InputError
from unknot.knowledge.load import language_called
from unknot.service.settings import read_settings

_PAGES: Final = "unknot.web.app:create_app"
_WITH_GALLERY: Final = "unknot.web.gallery:create_app_with_gallery"
_HERE: Final = "127.0.0.1"
_LOWEST_PORT, _HIGHEST_PORT = 1, 65_535


class _Server(uvicorn.Server):
    """Says where the pages are, once they answer."""

    address = ""
    opens = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        if self.started:
            say(self.address)
            if self.opens:
                webbrowser.open(self.address)


def run(options: Namespace) -> int:
    """Serve until interrupted."""
    settings = read_settings()
    if options.language:
        _speak(language_called(options.language).code, settings.languages)
    port = options.port if options.port is not None else settings.port
    with _listen(port) as listening:
        pages = _WITH_GALLERY if options.gallery else _PAGES
        config = uvicorn.Config(pages, factory=True, access_log=False, log_level="warning")
        server = _Server(config)
        server.address, server.opens = f"http://localhost:{port}", options.open
        server.run(sockets=[listening])
        return 0 if server.started else 1


def _speak(code: str, languages: tuple[str, ...]) -> None:
    """Make a language the first of the site, for the pages that uvicorn starts by their name."""
    others = (other for other in languages if other != code)
    os.environ["UNKNOT_LANGUAGES"] = " ".join((code, *others))


def _listen(port: int) -> socket.socket:
    """A socket on this machine only.

    Raises
    ------
    InputError
        When the port is none, or is taken.

    """
    if not _LOWEST_PORT <= port <= _HIGHEST_PORT:
        msg = f"--port: write a port from {_LOWEST_PORT} to {_HIGHEST_PORT}"
        raise InputError(msg)
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((_HERE, port))
    except OSError as error:
        listening.close()
        why = "needs more rights" if isinstance(error, PermissionError) else "is taken by another program"
        msg = f"port {port} {why}; choose another with --port"
        raise InputError(msg) from None
    return listening
