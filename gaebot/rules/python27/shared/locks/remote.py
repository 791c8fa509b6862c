"""Calls that wait for something outside the instance: App Engine's services, the web, the clock."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.finding import Place
from gaebot.rules.python27.shared.locks.takings import Key, key_of
from gaebot.rules.python27.shared.reach.calls import class_of
from gaebot.rules.python27.shared.reach.code import ClassCode, app_code
from gaebot.rules.python27.shared.scripts.definitions import follow
from gaebot.syntax.nodes import arguments, text
from gaebot.syntax.python import PythonFile

_API = "google.appengine.api."
_EXT = "google.appengine.ext."
_MODEL_CALLS = frozenset(
    {"get", "get_by_id", "get_by_key_name", "get_or_insert", "get_multi", "put_multi", "delete_multi"}
)
_QUERY_CALLS = frozenset({"get", "fetch", "count", "run", "iter", "fetch_page", "delete", "put", "map"})
_CALLS = {
    "time": {"sleep"},
    "urllib": {"urlopen", "urlretrieve"},
    "urllib2": {"urlopen"},
    f"{_API}urlfetch": {"fetch"},
    f"{_API}memcache": {
        "get", "set", "add", "replace", "delete", "incr", "decr", "cas", "gets", "flush_all", "get_stats",
        "get_multi", "set_multi", "add_multi", "delete_multi", "replace_multi", "cas_multi", "offset_multi",
    },
    f"{_API}mail": {"send_mail", "send_mail_to_admins"},
    f"{_API}mail.EmailMessage()": {"send"},
    f"{_API}taskqueue": {"add"},
    f"{_API}taskqueue.Task()": {"add"},
    f"{_API}taskqueue.Queue()": {"add"},
    f"{_API}labs.taskqueue": {"add"},
    f"{_EXT}deferred": {"defer"},
    f"{_API}users": {"create_login_url", "create_logout_url"},
    f"{_API}images": {
        "get_serving_url", "resize", "crop", "rotate", "horizontal_flip", "vertical_flip", "im_feeling_lucky",
        "composite", "histogram",
    },
    f"{_API}xmpp": {"send_message", "send_invite", "get_presence"},
    f"{_API}channel": {"create_channel", "send_message"},
    f"{_EXT}blobstore": {"get", "delete", "fetch_data", "create_upload_url"},
    f"{_EXT}db": {
        "get", "put", "delete", "run_in_transaction", "run_in_transaction_custom_retries", "allocate_ids",
    },
    f"{_EXT}ndb": {"get_multi", "put_multi", "delete_multi", "transaction"},
}  # fmt: skip
"""What waits, by module."""

_SERVICES = {
    "time": "the clock", "urllib": "the web", "urllib2": "the web", "urlfetch": "the web",
    "memcache": "memcache", "mail": "the mail service", "taskqueue": "the task queue",
    "deferred": "the task queue", "users": "the users service", "images": "the images service",
    "xmpp": "the chat service", "channel": "the channel service", "blobstore": "the blobstore",
    "db": "the datastore", "ndb": "the datastore",
}  # fmt: skip
_SAID_BY_NAME = frozenset({"get_by_id", "get_by_key_name", "get_or_insert", "run_in_transaction"})
"""Names that only methods of datastore models have."""

_PARTS = re.compile(r"\w+")
_QUERY = re.compile(r"\.(?:all|query|gql)\(\)")
_MADE = re.compile(r"^google\.appengine\.ext\.n?db\.(?:Query|GqlQuery|gql|Key|Key\.from_path)\(\)")
_MODEL = re.compile(r"(?:^|\.)(?:n?db\.(?:\w*Model|Expando)|search\.SearchableModel)$")


class RemoteCall(NamedTuple):
    """A call, or a loop over a query, that waits for a `service` ('the datastore')."""

    file: PythonFile
    node: Node
    service: str

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.file.place(self.node)


@once_per_app
def remote_calls(app: App) -> dict[Key, list[RemoteCall]]:
    """The calls in the app's request files that wait, by function, in the order of the source."""
    code = app_code(app)
    words = frozenset().union(*_CALLS.values(), _MODEL_CALLS, _QUERY_CALLS)
    found = defaultdict(list)
    for request_file in code.files.values():
        file = request_file.file
        for name in file.identifiers(*words, *file.other_names(words)):
            node = _called(name)
            service = _service(app, file, node) if node is not None else ""
            if service and node is not None and node.parent is not None:
                found[key_of(file, code.around(file, node))].append(RemoteCall(file, node.parent, service))
        for loop in file.keyword_nodes("for"):
            right = loop.child_by_field_name("right")
            if right is not None and _is_query(app, file, right):
                key = key_of(file, code.around(file, right))
                found[key].append(RemoteCall(file, right, "the datastore"))
    for calls in found.values():
        calls.sort(key=lambda call: call.node.start_byte)
    return dict(found)


def _called(name: Node) -> Node | None:
    """The name or attribute chain that ends in an identifier, where it is called."""
    parent = name.parent
    is_member = parent is not None and parent.type == "attribute" and parent.children[0] != name
    node = parent if is_member and parent is not None else name
    call = node.parent
    is_called = call is not None and call.type == "call" and call.child_by_field_name("function") == node
    return node if is_called else None


def _service(app: App, file: PythonFile, node: Node) -> str:
    """What a call of a name waits for, or nothing."""
    origins = file.origins(node)
    for origin in sorted(origins):
        module, _, last = origin.rpartition(".")
        module = module.removesuffix(".Client()")
        if last in _CALLS.get(module, ()) and not _is_no_wait(node):
            return next(_SERVICES[part] for part in _PARTS.findall(module) if part in _SERVICES)
    if node.type != "attribute":
        return ""
    last = text(node.child_by_field_name("attribute"))
    is_datastore = (
        last in _SAID_BY_NAME
        or (last in _QUERY_CALLS and any(_begins_with_query(app, file, origin) for origin in origins))
        or (last == "put" and not any(arguments(node.parent or node)) and _may_be_entity(app, file, node))
        or (last in _MODEL_CALLS and _is_model(app, file, node.child_by_field_name("object")))
    )
    return "the datastore" if is_datastore and not _is_own(app, file, node) else ""


def _is_no_wait(node: Node) -> bool:
    """Whether it is `time.sleep(0)`, which only lets other threads run."""
    positional, _ = arguments(node.parent or node)
    return [text(value) for value in positional] == ["0"]


def _is_query(app: App, file: PythonFile, node: Node) -> bool:
    """Whether an expression is a datastore query."""
    if node.type not in {"call", "identifier", "attribute"}:
        return False
    return any(
        origin.rpartition(".")[2].removesuffix("()") not in _QUERY_CALLS
        and _begins_with_query(app, file, origin)
        for origin in file.origins(node)
        if origin.endswith("()")
    )


def _begins_with_query(app: App, file: PythonFile, origin: str) -> bool:
    """Whether a dotted name begins with a query or a key: `models.Post.all().filter`, `ndb.Key().get`."""
    if _MADE.search(origin):
        return True
    found = _QUERY.search(origin)
    code = app_code(app)
    for end in follow(app, file, origin[: found.start()]) if found is not None else ():
        cls = code.at(end.file, end.node) if end.file is not None and end.node is not None else None
        if isinstance(cls, ClassCode) and _is_model_class(app, cls):
            return True
    return False


def _is_model_class(app: App, cls: ClassCode) -> bool:
    return any(_MODEL.search(base) for base in app_code(app).outside_bases(cls))


def _is_own(app: App, file: PythonFile, node: Node) -> bool:
    """Whether a call runs a function of the app, which is looked at by itself."""
    return bool(app_code(app).meanings(file, node))


def _is_model(app: App, file: PythonFile, owner: Node | None) -> bool:
    """Whether an expression is a model class of the app."""
    code = app_code(app)
    if owner is None:
        return False
    own = class_of(owner, code.around(file, owner))
    return any(
        isinstance(found, ClassCode) and _is_model_class(app, found)
        for found in (*code.meanings(file, owner), *([own] if own is not None else []))
    )


def _may_be_entity(app: App, file: PythonFile, node: Node) -> bool:
    """Whether the object of `x.put()` may be an entity: not the handler whose method that is."""
    code = app_code(app)
    owner = node.child_by_field_name("object")
    cls = class_of(owner, code.around(file, node)) if owner is not None else None
    return cls is None or code.method(cls, "put") is None
