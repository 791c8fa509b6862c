"""A page prints HTML that python27 escapes.

## Why

Django 0.96 printed `{{ body }}` as it is. From 1.0 on `<`, `>`, `&` and quotes are escaped, and python27
offers nothing older: a value that holds HTML is then shown with its tags, and JSON in a script does not
parse.

Most values should be escaped. gaebot speaks of those that hold HTML as far as it can tell: the app itself
puts a tag into the value, escapes it before, or makes JSON of it for a script; a filter of the app
returns a tag; or the name says `html`.

## Fix

Write `{{ body|safe }}` where the HTML is your own, or comes from people you trust. Django 0.96 has no
`safe`, so this ships together with the switch: gaebot makes the fix once the app says `runtime:
python27`. It prints what was printed before: look at each, for what a visitor wrote is safe only when
something has cleaned it.

## Example

```yaml before app.yaml
runtime: python27
api_version: 1
threadsafe: true
handlers:
- url: /.*
  script: main.app
```

```python before main.py
import webapp2
from google.appengine.ext.webapp import template

class Main(webapp2.RequestHandler):
    def get(self):
        values = {'name': 'World', 'menu': '<a href="/">Home</a>'}
        self.response.out.write(template.render('index.html', values))

app = webapp2.WSGIApplication([('/', Main)])
```

```html before index.html
<div>{{ menu }}</div>
<p>Hello {{ name }}</p>
```

```html after index.html
<div>{{ menu|safe }}</div>
<p>Hello {{ name }}</p>
```

## Source

Google, "Differences Between Python 2.5 and 2.7". SDK:
google/appengine/_internal/django/template/__init__.py, `VariableNode`, escapes; Django 0.96 does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gaebot.app import App
from gaebot.finding import Finding, Fix, Related, RunsOn, Safety, Severity
from gaebot.rule import PAGES, Rule
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.webapp.html_values import Reason, html_filters, html_values
from gaebot.rules.python27.shared.webapp.templates import escaped_before, webapp_pages
from gaebot.syntax.page import Page, Token
from gaebot.text import Edit, Span

RULE = Rule(__name__, Severity.WARNING, only_in=PAGES)

_MOST_RELATED = 10
# 'body_html', 'html', 'contentHtml', 'html_content'; not 'html_url', of which nothing is to be said.
_SAYS_HTML = re.compile(
    r"(?:^|_)html$|[a-z]H(?:tml|TML)$|^html_(?:body|content|text|code|snippet|message|output)$"
)
_SAYS_JSON = re.compile(r"(?:^|_)json$|[a-z]J(?:son|SON)$|^json_\w+$")
# Filters whose result is escaped already, is HTML that python27 marks as safe, or can hold no HTML.
_SETTLED = frozenset(
    {
        *(
            "safe",
            "escape",
            "force_escape",
            "escapejs",
            "linebreaks",
            "linebreaksbr",
            "linenumbers",
            "urlize",
        ),
        *(
            "urlizetrunc",
            "unordered_list",
            "urlencode",
            "iriencode",
            "striptags",
            "removetags",
            "slugify",
            "length",
        ),
        *(
            "wordcount",
            "yesno",
            "pluralize",
            "date",
            "time",
            "timesince",
            "timeuntil",
            "floatformat",
            "default",
        ),
        *(
            "filesizeformat",
            "truncatewords_html",
            "safeseq",
            "first",
            "last",
            "get_digit",
            "divisibleby",
            "add",
        ),
    }
)
_WORDS = {
    Reason.TAG: "the app puts HTML into it",
    Reason.ESCAPED: "the app escapes it itself",
    Reason.JSON: "it is JSON in a script",
    Reason.FILTER: "its filter returns HTML",
    Reason.NAME: "its name says HTML",
}


def check(app: App) -> Iterator[Finding]:
    """One finding for each page that prints what python27 would spoil."""
    before = escaped_before(app)
    if before is True:
        return
    if before is False:
        yield from _in_general(app)
    pages = [page for page in webapp_pages(app) if app.is_asked_for(page.path)]
    if not pages:
        return
    values, filters = html_values(app), html_filters(app)
    for page in pages:
        if page.tags("autoescape", "filter"):
            continue
        found = [
            (token, reason) for token in page.variables if (reason := _reason(page, token, values, filters))
        ]
        if found:
            token, reason = found[0]
            name = token.expression[0]
            message = (
                f"python27 escapes what templates print, and `{name}` seems to hold HTML: {_WORDS[reason]}."
                " Add `|safe` where the HTML can be trusted."
            )
            related = [
                Related(page.place(other), f"And here: {_WORDS[why]}.")
                for other, why in found[1:][:_MOST_RELATED]
            ]
            fix = _fix(page, [token for token, _ in found], filters) if has_switched(app) else None
            yield RULE.finding(page.place(token), message, fix=fix, related=related)


def _in_general(app: App) -> Iterator[Finding]:
    """One note for an app that is still on Django 0.96: nothing of what it prints was escaped."""
    printed = [(page, token) for page in webapp_pages(app) for token in page.variables]
    bare = [(page, token) for page, token in printed if not _SETTLED.intersection(token.expression[1])]
    if bare:
        page, token = bare[0]
        count = len({page.path for page, _ in bare})
        pages = f"{count} pages" if count > 1 else "one page"
        message = (
            "Django 0.96 prints values as they are, python27 escapes HTML in them: what"
            f" {pages} of this app print{'s' if count == 1 else ''} will look different where it holds some."
        )
        yield RULE.finding(page.place(token), message, severity=Severity.NOTE)


def _reason(page: Page, token: Token, values: dict[str, Reason], filters: frozenset[str]) -> Reason | None:
    """Why a variable would be spoilt; None when nothing tells that it would."""
    expression, names = token.expression
    if filters.intersection(names) and "safe" not in names:
        return Reason.FILTER
    if _SETTLED.intersection(names) or not expression or expression[0] in "'\"":
        return None
    if page.is_in_text(token):
        return None  # there the tags are to be seen
    in_script = page.is_in_script(token)
    reason = values.get(expression)
    if reason is Reason.JSON or (reason is None and _SAYS_JSON.search(expression)):
        return Reason.JSON if in_script else None
    if reason is not None:
        return reason
    return Reason.NAME if _SAYS_HTML.search(expression.rpartition(".")[2]) else None


def _fix(page: Page, tokens: list[Token], filters: frozenset[str]) -> Fix:
    edits = tuple(edit for token in tokens for edit in _edits(page, token, filters))
    return Fix(f"Print HTML as it is in {page.path}", edits, Safety.REVIEW, RunsOn.TARGET)


def _edits(page: Page, token: Token, filters: frozenset[str]) -> Iterator[Edit]:
    """The edits that add `|safe` behind the last filter that returns HTML, else behind the last one.

    What the page escapes before such a filter is to be escaped there and then, as `escape` did on Django
    0.96; python27 would do it at the end.
    """
    known = page.filters(token)
    makers = [number for number, (name, _) in enumerate(known) if name in filters]
    for name, span in known[: makers[-1]] if makers else ():
        if name == "escape":
            yield page.source.edit(span, b"force_escape")
    if makers:
        end = known[makers[-1]][1].end
    else:
        end = token.span.start + len(page.source.data[token.span.start : token.span.end - 2].rstrip())
    yield page.source.edit(Span(end, end), b"|safe")
