"""Text from a repository as Markdown in which nothing is markup, a mention, a reference or a marker.

Names stand in code spans, and where they hold what could end one, as HTML with everything but letters and
digits escaped.
"""

from __future__ import annotations

import re

from gaebot.render.visible import visible
from gaebot.render.words import one_line

_MAX_MESSAGE = 1_500  # characters of a message
_MAX_NAME = 300  # characters of a path or a name

# What a code span may hold and stay one, also in a row of a table. The runner's commands have no place here.
_SAFE_CODE = re.compile(r"(?! )(?:(?!##\[|::)[^`|<>\\&$])+(?<! )")
# What is left as it is in a sentence: a colon is when a blank follows, an underscore within a word.
_PLAIN = re.compile(r"[A-Za-z0-9 ,.;'\"()/%?-]|:(?= |$)|(?<=[A-Za-z0-9])_(?=[A-Za-z0-9])|[^\x00-\x7f]")
_REFERENCE = re.compile(r"\b(www(?=\.)|gh(?=-\d))(.)", re.IGNORECASE)
_SPLIT = frozenset("@#$:")  # what begins a mention, a reference, a formula, an emoji


def prose(text: str) -> str:
    """A message of a rule, in which backticks set off names; the text between them is escaped."""
    parts = _cut(one_line(text), _MAX_MESSAGE).split("`")
    if len(parts) % 2 == 0:  # one backtick has no partner
        parts[-2:] = ["`".join(parts[-2:])]
    said = ""
    for number, part in enumerate(parts):
        if number % 2 == 0:
            said += escaped(part)
        else:  # two code spans must not touch
            said += html_code(part) if said.endswith("`") else code(part)
    return said


def code(text: str) -> str:
    """A name as code."""
    shown = _cut(visible(text), _MAX_NAME)
    return f"`{shown}`" if _SAFE_CODE.fullmatch(shown) else html_code(text)


def html_code(text: str) -> str:
    """A name as code where Markdown is not read, or would read something into it."""
    shown = _cut(visible(text), _MAX_NAME)
    return f"<code>{escaped(shown)}</code>" if shown else ""


def escaped(text: str) -> str:
    """The text with no character left that means anything in Markdown, HTML, or to GitHub."""
    escaped = "".join(
        character if _PLAIN.match(text, at) else _entity(character) for at, character in enumerate(text)
    )
    return _REFERENCE.sub(lambda found: f"{found[1]}{_tagged(found[2])}", escaped)


def _entity(character: str) -> str:
    return _tagged(character) if character in _SPLIT else f"&#{ord(character)};"


def _tagged(character: str) -> str:
    """A character in a tag: GitHub looks for mentions and the like in the text, when escapes are gone."""
    return f"<span>&#{ord(character)};</span>"


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1] + "…"
