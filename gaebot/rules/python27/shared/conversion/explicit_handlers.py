r"""Handlers that take the name of their script from the URL (`\1.py`), written out one by one."""

from __future__ import annotations

import re
from typing import NamedTuple

from gaebot.app import App
from gaebot.finding import Fix, RunsOn, Safety
from gaebot.patterns import Pattern
from gaebot.rules.python27.shared.config.app_yaml import MAX_HANDLERS
from gaebot.rules.python27.shared.config.url_groups import UrlGroup, fill_in, is_literal, rest, url_groups
from gaebot.rules.python27.shared.scripts.applications import wsgi_objects
from gaebot.rules.python27.shared.scripts.entry import find_entry, is_guard, top_level
from gaebot.script import Script, module_name
from gaebot.service import Handler, Service
from gaebot.syntax.python import PythonFile
from gaebot.syntax.yaml import Node, ScalarNode
from gaebot.text import Edit

_REFERENCE = re.compile(r"\\(\d)")
_LAZY = re.compile(r"[*+?}]\?")
_PLAIN_PATH = re.compile(r"[\w./-]+")


class ExplicitHandlers(NamedTuple):
    """What one handler can be replaced by.

    `paths` are the scripts that it runs, in order; `fix` writes a handler for each, None where the
    groups of the URL can't be filled in for certain or the file can't be patched.
    """

    paths: tuple[str, ...]
    fix: Fix | None


def explicit_handlers(app: App, service: Service, handler: Handler) -> ExplicitHandlers | None:
    """The handlers that one of a service stands for.

    None when its script holds no reference to a group of the URL.
    """
    use = handler.use
    if use is None or not use.script.has_backreference:
        return None
    paths = _scripts(app, handler, use.script)
    return ExplicitHandlers(tuple(sorted(paths)), _fix(service, handler, use.script, paths))


def _scripts(app: App, handler: Handler, script: Script) -> dict[str, dict[int, str]]:
    """The files that the handler can run and that are scripts, with the values of the groups."""
    groups = _referenced(handler.url or "", script)
    if not groups:
        return {}
    patterns = {number: Pattern(group.inner) for number, group in groups.items()}
    found = {}
    for path in app.files:
        if not path.endswith(".py") or not _PLAIN_PATH.fullmatch(path) or app.is_vendored(path):
            continue
        values = _values(script, path)
        if values is None or not all(patterns[number].fullmatch(value) for number, value in values.items()):
            continue
        file = app.python(path)
        if file is not None and _is_script(app, file, script):
            found[path] = values
    return found


def _referenced(url: str, script: Script) -> dict[int, UrlGroup]:
    """The groups that the script refers to, by number; empty when they can't be filled in for certain."""
    groups = url_groups(url)
    numbers = {int(number) for number in _REFERENCE.findall(script.text)}
    if not numbers or min(numbers) < 1 or max(numbers) > len(groups):
        return {}
    if not all(group.is_fixed for group in groups) or _REFERENCE.search(url):
        return {}
    named = {number: groups[number - 1] for number in numbers}
    # Where other parts vary too, the longest name wins: that is how a greedy group reads a URL.
    certain = is_literal(rest(url)) and len(groups) == len(numbers)
    if not certain and (len(numbers) > 1 or any(_LAZY.search(group.inner) for group in named.values())):
        return {}
    return named


def _values(script: Script, path: str) -> dict[int, str] | None:
    """The texts that the groups must have for the script to be this file.

    None when it can't be this file, or could be in two ways.
    """
    name = path if script.is_cgi else f"{module_name(path)}.{script.attribute}"
    shape = script.path if script.is_cgi else script.text
    answers = []
    for repeat in (".+", ".+?"):
        parts = _REFERENCE.split(shape)
        pattern = re.escape(parts[0])
        known: set[str] = set()
        for number, literal in zip(parts[1::2], parts[2::2], strict=True):
            pattern += f"(?P=g{number})" if number in known else f"(?P<g{number}>{repeat})"
            pattern += re.escape(literal)
            known.add(number)
        match = re.fullmatch(pattern, name)
        answers.append({int(key[1:]): value for key, value in match.groupdict().items()} if match else None)
    return answers[0] if answers[0] == answers[1] else None


def _is_script(app: App, file: PythonFile, script: Script) -> bool:
    if not script.is_cgi:
        return script.attribute in wsgi_objects(file, app)
    if not find_entry(file).is_empty or any(is_guard(statement) for statement in top_level(file)):
        return True
    return bool(file.nodes("(print_statement) @print")) or b"sys.stdout" in file.source.data


def _fix(service: Service, handler: Handler, script: Script, paths: dict[str, dict[int, str]]) -> Fix | None:
    if not paths or len(service.handlers) + len(paths) - 1 > MAX_HANDLERS:
        return None
    edit = _explicit(handler, script, paths)
    if edit is None or not handler.file.can_be_patched:
        return None
    title = (
        f"Write a handler for each of {len(paths)} scripts" if len(paths) > 1 else f"Name {next(iter(paths))}"
    )
    return Fix(title, (edit,), Safety.REVIEW, RunsOn.BOTH if script.is_cgi else RunsOn.TARGET)


def _explicit(handler: Handler, script: Script, paths: dict[str, dict[int, str]]) -> Edit | None:
    """The edit that puts one copy of the handler for each script in its place.

    Where the URL varies beside the groups, the longest name comes first: App Engine takes the first
    handler that matches.
    """
    file, url, use = handler.file, handler.get("url"), handler.use
    if url is None or use is None or not isinstance(url.value, ScalarNode):
        return None
    if url.value.style in {"|", ">"} or use.node.style in {"|", ">"}:
        return None
    item = file.span(handler.node)
    column = item.start - file.source.line_span(item.start).start
    ordered = sorted(paths)
    if not is_literal(rest(str(url.value.value))):
        ordered.sort(key=len, reverse=True)
    items = []
    for path in ordered:
        values = paths[path]
        replaced = {
            url.value: fill_in(str(url.value.value), values),
            use.node: _filled(script, values),
        }
        text = file.source.data[item.start : item.end]
        for node in sorted(replaced, key=lambda node: file.span(node).start, reverse=True):
            span = file.span(node)
            new = _written(node, replaced[node]).encode()
            text = text[: span.start - item.start] + new + text[span.end - item.start :]
        first, *others = text.decode("utf-8").splitlines()
        items.append(
            [first, *(line[column:] if not line[:column].strip() else line.lstrip() for line in others)]
        )
    return file.replace_item(handler.node, items)


def _filled(script: Script, values: dict[int, str]) -> str:
    """The script string with the values in the place of its references."""
    return _REFERENCE.sub(lambda match: values[int(match[1])], script.text)


def _written(node: Node, value: str) -> str:
    """A value in the quotes that a scalar has."""
    style = node.style if isinstance(node, ScalarNode) else None
    if style == '"':
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if style == "'":
        doubled = value.replace("'", "''")
        return f"'{doubled}'"
    return value
