"""Expressions whose value belongs to one request: read at import they would be one visitor's for all."""

from __future__ import annotations

from tree_sitter import Node

from gaebot.syntax.nodes import arguments, text
from gaebot.syntax.python import PythonFile

_USERS = "google.appengine.api.users."
_VISITOR_CALLS = frozenset(
    {
        f"{_USERS}get_current_user",
        f"{_USERS}is_current_user_admin",
        "google.appengine.api.namespace_manager.get_namespace",
        "google.appengine.api.oauth.get_current_user",
        "cgi.FieldStorage",
        "cgi.parse",
        "gaesessions.get_current_session",
    }
)
_REQUEST_CALLS = _VISITOR_CALLS | frozenset(
    {
        f"{_USERS}create_login_url",
        f"{_USERS}create_logout_url",
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.datetime.today",
        "datetime.date.today",
        "time.clock",
        "time.time",
        "time.localtime",
        "time.gmtime",
        "time.ctime",
        "uuid.uuid1",
        "uuid.uuid4",
        "random.random",
        "random.randint",
        "random.choice",
        "random.randrange",
        "random.sample",
        "google.appengine.api.memcache.get",
        "google.appengine.api.memcache.get_multi",
    }
)
READ_WORDS = frozenset(
    {
        # A `get` by itself says nothing: that of memcache comes with the name of its module.
        *(name.rpartition(".")[2] for name in _REQUEST_CALLS if not name.endswith(".get")),
        *("memcache", "environ", "getenv"),
    }
)
"""A file that holds none of these words reads no data of a request."""

_REQUEST_KEYS = frozenset(
    {
        "QUERY_STRING",
        "PATH_INFO",
        "REQUEST_METHOD",
        "REQUEST_URI",
        "REMOTE_ADDR",
        "REMOTE_USER",
        "SERVER_NAME",
        "SERVER_PORT",
        "SCRIPT_NAME",
        "CONTENT_LENGTH",
        "CONTENT_TYPE",
        "AUTH_DOMAIN",
        "PATH_TRANSLATED",
    }
)
_LOCAL_HOSTS = ("localhost", "127.0.0.1")
_REQUEST_KEY_PREFIXES = ("HTTP_", "USER_", "REQUEST_ID", "HTTPS")


def is_request_key(name: str) -> bool:
    """Whether an `os.environ` key changes from request to request.

    Those that stay the same for an instance (APPLICATION_ID, CURRENT_VERSION_ID, SERVER_SOFTWARE
    and what app.yaml sets) do not.
    """
    return name in _REQUEST_KEYS or name.startswith(_REQUEST_KEY_PREFIXES)


def request_reads(file: PythonFile, within: Node) -> list[Node]:
    """The nodes below `within` that read data of the current request, in order of the source.

    Code of functions defined inside counts too: ask only about code that runs.
    """
    found = file.calls(*_REQUEST_CALLS, within=within)
    found += [read for read, _, key in _environ_reads(file, within) if is_request_key(key)]
    return sorted(found, key=lambda node: node.start_byte)


def visitor_reads(file: PythonFile, within: Node) -> list[Node]:
    """The nodes below `within` that read what belongs to one visitor, in order of the source.

    The time, chance and memcache, which change from request to request too, are nobody's.
    """
    found = file.calls(*_VISITOR_CALLS, within=within)
    found += [read for read, _, key in _environ_reads(file, within) if is_request_key(key)]
    return sorted(found, key=lambda node: node.start_byte)


def dev_server_tests(file: PythonFile, within: Node) -> list[tuple[Node, str]]:
    """The expressions below `within` that ask whether the host is localhost.

    Each with an expression that asks whether this is the development server instead, which stays true
    or false for as long as a process lives.
    """
    found = []
    for read, value, key in _environ_reads(file, within):
        test = read.parent
        if key not in {"HTTP_HOST", "SERVER_NAME"} or test is None:
            continue
        if test.type == "attribute" and text(test.child_by_field_name("attribute")) == "startswith":
            test = test.parent
            literals = arguments(test)[0] if test is not None and test.type == "call" else []
        elif test.type == "comparison_operator" and len(test.named_children) == 2:
            asks = [text(node) for node in test.children_by_field_name("operators")]
            literals = (
                [node for node in test.named_children if node != read] if asks in (["=="], ["in"]) else []
            )
        else:
            continue
        if (
            test is not None
            and len(literals) == 1
            and text(literals[0]).strip("'\"").startswith(_LOCAL_HOSTS)
        ):
            getter = "{}" if text(value).endswith(("get", "getenv")) else "{}.get"
            found.append((test, f"{getter.format(text(value))}('SERVER_SOFTWARE', '').startswith('Dev')"))
    return found


def _environ_reads(file: PythonFile, within: Node) -> list[tuple[Node, Node, str]]:
    """Each read of a literal key of `os.environ`: the node, what is read from, the key."""
    found = []
    for source in file.references("os.environ", "os.getenv", within=within):
        value, around = source, source.parent
        if around is not None and around.type == "attribute":
            if text(around.child_by_field_name("attribute")) != "get" or around.parent is None:
                continue
            value, around = around, around.parent
        key: Node | None = None
        if around is not None and around.type == "subscript":
            key = around.child_by_field_name("subscript")
        elif around is not None and around.type == "call":
            key = next(iter(arguments(around)[0]), None)
        if around is not None and key is not None and key.type == "string" and around.children[0] == value:
            found.append((around, value, text(key).strip("'\"")))
    return found
