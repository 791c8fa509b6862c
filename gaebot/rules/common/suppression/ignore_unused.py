"""A comment silences a rule that finds nothing there.

## Why

`# gaebot: ignore[rule-id]` says that somebody has looked at a finding and wants to live with it. When the
finding is gone, because the code was mended or has moved, the comment stays behind: it tells readers of a
problem that there is not, and hides the next one on that line.

Only rules that ran are judged: with `--select` the comments for others are left alone.

## Fix

The id goes from the comment, and the comment with the last of its ids. Nothing else changes, so that is safe.

## Example

```yaml before app.yaml
application: shop
version: 1
runtime: python27
api_version: 1
threadsafe: true
handlers:
# gaebot: ignore[yaml-script-cgi] it writes its answer itself
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

`gaebot explain RULE` tells what a rule looks for. README, "Silence a finding".
"""

from __future__ import annotations

from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Severity
from gaebot.rule import Rule
from gaebot.suppression.edits import takings_out
from gaebot.suppression.silence import Silenced

RULE = Rule(__name__, Severity.WARNING)


def check(_app: App) -> tuple[Finding, ...]:
    """Nothing: what comments do is known when all other rules have run."""
    return ()


def check_comments(silenced: Silenced) -> Iterator[Finding]:
    """Each id of a rule that ran, in a comment that silences nothing of it."""
    fixes = takings_out(silenced.uses)
    for use in silenced.uses:
        if use.is_known and not use.is_needed:
            where = "in this file" if use.comment.lines is None else "here"
            message = f"`{use.ignored.rule}` finds nothing {where}: the comment is not needed any more."
            yield RULE.finding(use.ignored.place, message, fix=fixes[use.comment])
