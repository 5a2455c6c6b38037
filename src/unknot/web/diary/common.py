"""What every page of the diary is given: the fields that were sent, and the open diary."""

from __future__ import annotations

from typing import Any, TypeAlias

from litestar import Request, Response
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.response import Redirect

from unknot.knowledge.base import Knowledge
from unknot.web.diary.backing_up import back_up_after
from unknot.web.diary.conflicts import Conflicts
from unknot.web.diary.keeping import Mine, SiteDiary
from unknot.web.diary.reading import Said, said_in
from unknot.web.printing import Printer

Ask: TypeAlias = Request[Any, Any, Any]
Known: TypeAlias = NamedDependency[Knowledge]
Press: TypeAlias = NamedDependency[Printer]
Book: TypeAlias = NamedDependency[Mine]
Site: TypeAlias = NamedDependency[SiteDiary]
Several: TypeAlias = NamedDependency[Conflicts]
Posted: TypeAlias = NamedDependency[Said]
Answer: TypeAlias = Response[str] | Redirect
_MOST_FIELDS = 300


async def posted(request: Ask) -> Said:
    """The text fields of the form that was sent."""
    form = await request.form()
    return said_in(form, tuple(dict.fromkeys(form.keys()))[:_MOST_FIELDS])


def open_diary(site: Site) -> Mine:
    """The diary of this site, for whoever writes in it."""
    return site.mine()


def done(path: str, mine: Mine, site: SiteDiary, *, backs_up: bool = True) -> Redirect:
    """Send the browser on after something was saved; a backup that is due comes after the answer."""
    after = BackgroundTask(back_up_after, mine, site) if backs_up else None
    return Redirect(path, status_code=303, background=after)
