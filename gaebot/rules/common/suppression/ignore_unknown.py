"""A comment silences a rule that there is not, or no rule at all.

## Why

`# gaebot: ignore[rule-id]` silences the rules that it names, and only those: a comment without ids would hide
also what nobody has looked at yet. A misspelled id silences nothing, and the finding that it was meant for
is still reported.

## Fix

What names no rule goes from the comment, and the comment with the last of its ids. That changes nothing: it
had no effect. Write the right id if the finding comes back and is to stay: `gaebot rules` lists them.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27  # gaebot: ignore[yaml-runtimes] moves next month
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

```yaml after app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

```python before main.py
import webapp2

app = webapp2.WSGIApplication([])
```

## Source

`gaebot rules` lists all rules. README, "Silence a finding".
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from gaebot import limits
from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule
from gaebot.suppression.edits import taking_out, takings_out
from gaebot.suppression.silence import Silenced

RULE = Rule(__name__, Severity.WARNING)


def check(_app: App) -> tuple[Finding, ...]:
    """Nothing: what comments do is known when all other rules have run."""
    return ()


def check_comments(silenced: Silenced) -> Iterator[Finding]:
    """Each id that no rule has, and each comment without one, or with more than is read."""
    fixes = takings_out(silenced.uses)
    for use in silenced.uses:
        if not use.is_known:
            message = (
                f"There is no rule called `{use.ignored.rule}`. {_hint(use.ignored.rule, silenced.known)}"
            )
            yield RULE.finding(use.ignored.place, message, fix=fixes[use.comment])
    for comment in silenced.comments:
        if comment.is_too_long:
            message = (
                f"A comment of more than {limits.MAX_IGNORE_BYTES:,} bytes is not read, and silences nothing:"
                " silence rules for all files in `.gaebot.yaml`."
            )
            yield RULE.finding(comment.place, message)
        elif not comment.ids:
            message = (
                "A comment has to name the rules that it silences: `gaebot: ignore[rule-id] reason`. "
                "This one silences nothing."
            )
            yield RULE.finding(comment.place, message, fix=taking_out(comment, ()))


@lru_cache(maxsize=100)
def _hint(name: str, known: frozenset[str]) -> str:
    import difflib  # noqa: PLC0415 - only a wrong name needs it

    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    return f"The nearest one is `{near[0]}`." if near else "`gaebot rules` lists them."
