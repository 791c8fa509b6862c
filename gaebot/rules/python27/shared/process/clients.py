"""Clients, connections and converters that a module keeps, which serve one caller at a time."""

from __future__ import annotations

import re
from functools import partial
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.process.uses import Use, called_method, unlocked_uses
from gaebot.rules.python27.shared.reach.code import ClassCode, app_code
from gaebot.rules.python27.shared.reach.globals import module_values, values_in_reach
from gaebot.rules.python27.shared.scripts.handler_scripts import RequestFile
from gaebot.syntax.nodes import is_target, text
from gaebot.syntax.python import Binding, PythonFile

_MADE_BY = (
    ("call", r"google\.appengine\.api\.urlfetch\.create_rpc"),
    ("call", r"google\.appengine\.api\.(?:memcache|images|apiproxy_stub_map)\.(?:create_rpc|UserRPC)"),
    ("connection", r"httplib\.HTTPS?Connection"),
    ("connection", r"(?:xmlrpclib\.Server(?:Proxy)?|smtplib\.SMTP|ftplib\.FTP|imaplib\.IMAP4|poplib\.POP3)"),
    ("connection", r"httplib2\.Http"),
    ("converter", r"markdown2?\.Markdown"),
    ("digest", r"(?:hashlib\.\w+|(?:md5|sha)\.new|hmac\.(?:new|HMAC))"),
    ("query", r"google\.appengine\.ext\.db\.(?:GqlQuery|Query)"),
    ("login", r"(?:atom|gdata)\.(?:\w+\.)*\w*(?:Service|Client)"),
)
_KINDS = [(kind, re.compile(pattern)) for kind, pattern in _MADE_BY]
_USING = {
    "converter": re.compile(r"convert|reset"),
    "digest": re.compile(r"update"),
    "query": re.compile(r"bind|filter|order|ancestor|with_cursor"),
    "login": re.compile(
        r"Set\w*Token|UpgradeTo\w+|ProgrammaticLogin|ClientLogin|RevokeAuthSubToken|client_login"
    ),
}
"""The methods by which some change what the object keeps; with the others every method does."""
LEAKING = frozenset({"login"})
"""The kinds that go on with what belongs to one visitor."""

_MODELS = frozenset(f"google.appengine.ext.db.{name}" for name in ("Model", "Expando", "polymodel.PolyModel"))
_QUERIES = frozenset({"all", "gql"})
_HANDED_ON = frozenset({"call", "connection"})
_TOLD = frozenset({"current_token", "auth_token"})


class SharedClient(NamedTuple):
    """An object at module level that serves one caller at a time, and where requests use it without a lock.

    `kind` is 'call' (an RPC), 'connection', 'converter', 'digest', 'query' (of the datastore) or 'login'.
    """

    file: RequestFile
    binding: Binding
    kind: str
    uses: tuple[Use, ...]


@once_per_app
def shared_clients(app: App) -> tuple[SharedClient, ...]:
    """The clients, connections and converters that requests have in common, by file and position."""
    found = []
    for file in app_code(app).files.values():
        for binding in module_values(file.file):
            kind = _kind(app, file.file, binding.value)
            uses = unlocked_uses(app, file, binding, partial(_used, kind=kind)) if kind is not None else ()
            if kind is not None and uses:
                found.append(SharedClient(file, binding, kind, uses))
    return tuple(found)


def asked_clients(app: App) -> tuple[SharedClient, ...]:
    """The same, for findings at their uses: none where no file in which findings are wanted loads one."""
    is_loaded = app.asks_for_all or any(_may_be_one(file, made.value) for file, made in values_in_reach(app))
    return shared_clients(app) if is_loaded else ()


def _may_be_one(file: PythonFile, value: Node | None) -> bool:
    """Whether a call may make a client, as far as its file tells."""
    function = value.child_by_field_name("function") if value is not None and value.type == "call" else None
    if function is None:
        return False
    is_query = text(function.child_by_field_name("attribute")) in _QUERIES
    return is_query or any(pattern.fullmatch(o) for o in file.origins(function) for _, pattern in _KINDS)


def _kind(app: App, file: PythonFile, value: Node | None) -> str | None:
    """What kind of client a call makes, by the dotted name of what is called."""
    function = value.child_by_field_name("function") if value is not None and value.type == "call" else None
    if value is None or function is None:
        return None
    for origin in sorted(file.origins(function)):
        for kind, pattern in _KINDS:
            if pattern.fullmatch(origin):
                return kind
    return "query" if _asks_model(app, file, function) else None


def _asks_model(app: App, file: PythonFile, function: Node) -> bool:
    """Whether what is called makes a query of a model of the app: `Page.gql(…)`, `Page.all()`."""
    model = function.child_by_field_name("object") if function.type == "attribute" else None
    if model is None or text(function.child_by_field_name("attribute")) not in _QUERIES:
        return False
    code = app_code(app)
    classes = [found for found in code.meanings(file, model) if isinstance(found, ClassCode)]
    return any(base in _MODELS for cls in classes for base in code.outside_bases(cls))


def _used(node: Node, kind: str) -> Node | None:
    """The expression in which a client is used so that two callers would disturb each other, or None."""
    while kind == "connection" and node.parent is not None and node.parent.type == "attribute":
        member = node.parent
        if member.parent is None or member.parent.type != "attribute":
            break
        node = member  # xmlrpclib makes methods of all names: `server.blog.add(…)`
    parent = node.parent
    if parent is None:
        return None
    method = called_method(node)
    if method is not None:
        using = _USING.get(kind)
        return method[1] if using is None or using.fullmatch(method[0]) else None
    if kind == "login" and parent.type == "attribute" and is_target(parent):
        return parent if text(parent.child_by_field_name("attribute")) in _TOLD else None
    is_argument = parent.type in {"argument_list", "keyword_argument"}
    return node if is_argument and kind in _HANDED_ON else None
