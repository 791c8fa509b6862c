"""Whether a service may set `threadsafe: true`."""

from __future__ import annotations

from typing import NamedTuple

from gaebot.app import App
from gaebot.rules.python27.shared.conversion.blockers import Blocker, blockers
from gaebot.service import Service

_NAMED = 3  # how many shared names a sentence holds


class Verdict(NamedTuple):
    """The value for `threadsafe`, and why, as half a sentence that follows 'because'.

    `blockers` are the places where requests would give wrong answers. With `waits` all of them have a patch
    that comes first: the value is what it will be after that.
    """

    value: bool
    reason: str
    blockers: tuple[Blocker, ...] = ()
    waits: bool = False


def verdict(app: App, service: Service, cgi_left: int) -> Verdict:
    """The value that `threadsafe` should get when `cgi_left` scripts of a service stay CGI.

    CGI scripts can't serve concurrent requests; code that shares state between requests must not.
    """
    found = blockers(app, service)
    if cgi_left:
        scripts = "a script stays" if cgi_left == 1 else f"{cgi_left} scripts stay"
        reason = f"{scripts} CGI, and CGI scripts can't serve concurrent requests"
        return Verdict(value=False, reason=reason, blockers=found)
    if not found:
        reason = "every script is or becomes a WSGI application, and no race was found that spoils answers"
        return Verdict(value=True, reason=reason)
    if all(blocker.is_patched for blocker in found):
        reason = f"a patch is on offer for what requests change at the same time ({shared_names(found)})"
        return Verdict(value=True, reason=reason, blockers=found, waits=True)
    open_ones = tuple(blocker for blocker in found if not blocker.is_patched)
    reason = f"requests that run at the same time would change {shared_names(open_ones)} under each other"
    return Verdict(value=False, reason=reason, blockers=found)


def shared_names(found: tuple[Blocker, ...]) -> str:
    """What blockers are about, as part of a sentence: '`hits` and `cache`', with the number of the rest."""
    names = list(dict.fromkeys(f"`{blocker.name}`" for blocker in found))
    if len(names) > _NAMED:
        return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
