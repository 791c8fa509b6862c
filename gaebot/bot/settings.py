"""What a run of the bot was told: the inputs of the action, and where it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from gaebot.config import FAIL_ON
from gaebot.rule import hops

E = TypeVar("E", bound=Enum)


class InputError(ValueError):
    """An input of the action that can't be followed. The text names it and the way out."""


class Mode(Enum):
    """What the bot is asked to do."""

    REVIEW = "review"  # review the pull request of the event
    FIX = "fix"  # open or renew fix-up pull requests
    BOTH = "both"  # whichever the event is for
    POST = "post"  # post the review that a run without rights has left as an artifact


class Grouping(Enum):
    """What becomes one fix-up pull request."""

    STAGE = "stage"  # `prepare` (runs on 2.5 and 2.7) and `switch` (2.7 only)
    RULE = "rule"


@dataclass(frozen=True)
class Settings:
    """The inputs of the action, read once. Names are those of action.yml, with underscores."""

    mode: Mode = Mode.BOTH
    paths: tuple[str, ...] = (".",)
    to: str | None = None
    fail_on: str | None = None
    unsafe: bool = True
    config: str | None = None
    baseline: str | None = None
    max_comments: int = 30
    max_pull_requests: int = 2
    branch_prefix: str = "gaebot/"
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    draft: bool = False
    group_by: Grouping = Grouping.STAGE
    sarif_file: str | None = None

    @staticmethod
    def read(inputs: Mapping[str, str]) -> Settings:
        """The settings that inputs come to: names as in action.yml, an empty text stands for the default.

        Lists have an entry a line, or commas between. Raises `InputError`.
        """
        given = {name: value.strip() for name, value in inputs.items() if value.strip()}
        default = Settings()
        return Settings(
            mode=_word(given, "mode", default.mode),
            paths=_list(given, "paths") or default.paths,
            to=_one_of(given, "to", hops()),
            fail_on=_one_of(given, "fail-on", FAIL_ON),
            unsafe=_flag(given, "unsafe", default=default.unsafe),
            config=given.get("config"),
            baseline=given.get("baseline"),
            max_comments=_number(given, "max-comments", default.max_comments),
            max_pull_requests=_number(given, "max-pull-requests", default.max_pull_requests),
            branch_prefix=given.get("branch-prefix", default.branch_prefix),
            labels=_list(given, "labels"),
            reviewers=_list(given, "reviewers"),
            draft=_flag(given, "draft", default=default.draft),
            group_by=_word(given, "group-by", default.group_by),
            sarif_file=given.get("sarif-file"),
        )


def _list(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    text = given.get(name, "").replace("\n", ",")
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _word(given: Mapping[str, str], name: str, default: E) -> E:
    words = [each.value for each in type(default)]
    return type(default)(_one_of(given, name, words) or default.value)


def _one_of(given: Mapping[str, str], name: str, words: tuple[str, ...] | list[str]) -> str | None:
    text = given.get(name)
    if text is not None and text not in words:
        raise InputError(f"The input `{name}` can't be {text!r}: it may be {', '.join(words)}.")
    return text


def _flag(given: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = _one_of(given, name, ("true", "false"))
    return default if text is None else text == "true"


def _number(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name, str(default))
    if not text.isascii() or not text.isdigit():
        raise InputError(f"The input `{name}` wants a number, not {text!r}.")
    return int(text)
