"""What webapp's `template.render` returns is unicode on python27, and is used as bytes.

## Why

On Python 2.5 `template.render` returned UTF-8 bytes, on python27 it returns a unicode text. Decoding that
once more, hashing or compressing it raises UnicodeEncodeError as soon as the page holds a letter that is
not ASCII; `unicode(page, 'utf-8')` raises TypeError at once.

Left alone is what works with both: writing the page to the response, storing it, putting it into another
page.

## Fix

Leave out the decoding; encode with `.encode('utf-8')` where bytes are wanted. The fix does that once the
app says `runtime: python27`.

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
import hashlib
import webapp2
from google.appengine.ext.webapp import template

class Main(webapp2.RequestHandler):
    def get(self):
        page = template.render('index.html', {})
        tag = hashlib.md5(page).hexdigest()
        self.response.out.write(page.decode('utf-8'))

app = webapp2.WSGIApplication([('/', Main)])
```

```python after main.py
import hashlib
import webapp2
from google.appengine.ext.webapp import template

class Main(webapp2.RequestHandler):
    def get(self):
        page = template.render('index.html', {})
        tag = hashlib.md5(page.encode('utf-8')).hexdigest()
        self.response.out.write(page)

app = webapp2.WSGIApplication([('/', Main)])
```

## Source

SDK: google/appengine/_internal/django/template/__init__.py, `NodeList.render`, returns a SafeUnicode.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.finding import Finding, Fix, RunsOn, Safety, Severity
from gaebot.rule import Rule, python_with
from gaebot.rules.python27.shared.config.services import has_switched
from gaebot.rules.python27.shared.scripts.handler_scripts import asked_files
from gaebot.rules.python27.shared.webapp.templates import TemplateUse, template_uses_in
from gaebot.syntax.nodes import arguments, scope_node, string_value, text
from gaebot.syntax.python import PythonFile
from gaebot.text import Span

RULE = Rule(__name__, Severity.WARNING, only_in=python_with("render"))

_WANT_BYTES = frozenset(
    {
        *("hashlib.md5", "hashlib.sha1", "hashlib.sha224", "hashlib.sha256", "hashlib.sha512"),
        *("md5.new", "md5.md5", "sha.new", "sha.sha", "zlib.compress", "zlib.crc32", "binascii.crc32"),
        *("base64.b64encode", "base64.encodestring", "base64.urlsafe_b64encode", "urllib.quote", "str"),
        *("urllib.quote_plus",),
    }
)
_UTF8 = frozenset({"utf-8", "utf8", "utf_8"})


def check(app: App) -> Iterator[Finding]:
    """Each place where a rendered page is treated as bytes."""
    for use in template_uses_in(app, asked_files(app)):
        if use.member != "render" or use.call is None:
            continue
        for page in (use.call, *_local_uses(use, use.call)):
            found = _as_bytes(use.file.file, page)
            if found is not None:
                node, message, edit = found
                fix = None
                if edit is not None and has_switched(app):
                    change = (use.file.file.source.edit(edit[0], edit[1]),)
                    fix = Fix("Treat the page as unicode", change, Safety.SAFE, RunsOn.TARGET)
                yield RULE.finding(use.file.file.place(node), message, fix=fix)


def _local_uses(use: TemplateUse, call: Node) -> Iterator[Node]:
    """The uses of the local name that a page is bound to, when nothing else is."""
    file, statement = use.file.file, call.parent
    if statement is None or statement.type != "assignment" or statement.child_by_field_name("right") != call:
        return
    target = statement.child_by_field_name("left")
    if target is None or target.type != "identifier":
        return
    scope = scope_node(target)
    if scope.type == "module" or len(file.lookup(text(target), target)) != 1:
        return
    for name in file.identifiers(text(target), within=scope):
        known = file.lookup(text(target), name)
        if name.id != target.id and len(known) == 1 and known[0].name.id == target.id:
            yield name


def _as_bytes(file: PythonFile, page: Node) -> tuple[Node, str, tuple[Span, bytes] | None] | None:
    """The expression that takes a page for bytes, a message, and the edit that mends it."""
    outer = page.parent
    if outer is None:
        return None
    if outer.type == "attribute" and text(outer.child_by_field_name("attribute")) == "decode":
        call = outer.parent
        if call is None or call.type != "call" or call.child_by_field_name("function") != outer:
            return None
        message = "`template.render` returns unicode on python27, and decoding that once more fails."
        return call, message, (Span(page.end_byte, call.end_byte), b"") if _is_utf8(call) else None
    call = outer.parent if outer.type == "argument_list" else None
    function = call.child_by_field_name("function") if call is not None and call.type == "call" else None
    if call is None or function is None or arguments(call)[0][:1] != [page]:
        return None
    if text(function) == "unicode" and not file.lookup("unicode", function):
        if len(arguments(call)[0]) < 2:
            return None
        message = "`template.render` returns unicode on python27: `unicode()` raises TypeError for it."
        return call, message, (Span(call.start_byte, call.end_byte), page.text or b"")
    if file.origins(function) & _WANT_BYTES:
        message = (
            f"`template.render` returns unicode on python27, and `{text(function)}` wants bytes: encode it"
            " with `.encode('utf-8')`."
        )
        return page, message, (Span(page.end_byte, page.end_byte), b".encode('utf-8')")
    return None


def _is_utf8(call: Node) -> bool:
    positional, named = arguments(call)
    values = [string_value(node) for node in (*positional[:1], *named.values())]
    return len(values) == 1 and (values[0] or "").lower() in _UTF8
