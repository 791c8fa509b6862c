"""Whether a service may set `threadsafe: true`."""

from __future__ import annotations

from dataclasses import dataclass

from gaebot.app import App
from gaebot.service import Service


@dataclass(frozen=True)
class Verdict:
    """The value for `threadsafe`, and why, as half a sentence that follows 'because'."""

    value: bool
    reason: str


def verdict(app: App, service: Service, cgi_left: int) -> Verdict:
    """The value that `threadsafe` should get when `cgi_left` scripts of a service stay CGI.

    State shared between requests is not looked at yet.
    """
    del app, service
    if cgi_left:
        scripts = "a script stays" if cgi_left == 1 else f"{cgi_left} scripts stay"
        return Verdict(value=False, reason=f"{scripts} CGI, and CGI scripts can't serve concurrent requests")
    return Verdict(value=True, reason="every script is a WSGI application")
