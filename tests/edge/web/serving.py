"""The pages in a program of their own, so that they can be killed: ``serving.py PORT SEEN [dies]``.

``SEEN`` is a file that gets a line for every entry that was sent. With ``dies`` the program kills itself
after it saved an entry and before it says so.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import uvicorn

from unknot.web.app import create_app


def watched(app, seen, *, dies):
    """The pages, with every entry that was sent written down."""

    async def watching(scope, receive, send):
        sent = scope["type"] == "http" and scope["method"] == "PUT"
        if sent:
            with seen.open("a") as file:
                file.write(scope["path"] + "\n")

        async def sending(message):
            if sent and dies and message["type"] == "http.response.start" and message["status"] == 200:
                os.kill(os.getpid(), signal.SIGKILL)
            await send(message)

        await app(scope, receive, sending)

    return watching


if __name__ == "__main__":
    pages = create_app()
    pages.asgi_handler = watched(pages.asgi_handler, Path(sys.argv[2]), dies="dies" in sys.argv)
    uvicorn.run(pages, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False)
