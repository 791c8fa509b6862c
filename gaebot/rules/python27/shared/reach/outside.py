"""Attributes of modules and classes that the app does not define, and where code assigns to them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from gaebot.app import App
from gaebot.rules.python27.shared.scripts.applications import find_origin
from gaebot.syntax.nodes import ancestors, text
from gaebot.syntax.python import Binding, PythonFile

_TARGET = re.compile(rb"\.([A-Za-z_]\w*)(?=[ \t]*(?:,[^=\n]{0,200})?(?:[-+*/%&|^]|\*\*|//|<<|>>)?=(?!=))")
_STANDARD_NAMES = """
BaseHTTPServer Cookie ConfigParser HTMLParser Queue SimpleXMLRPCServer StringIO UserDict __builtin__
array base64 binascii bisect calendar cgi cgitb codecs collections compiler contextlib cookielib
copy copy_reg csv datetime decimal difflib dis doctest email encodings errno exceptions fnmatch
formatter fractions ftplib functools gc getpass gettext glob gzip hashlib heapq hmac htmlentitydefs
htmllib httplib imaplib imghdr imp inspect io itertools json keyword linecache locale logging
mailbox marshal math md5 mimetypes mimetools new numbers operator optparse os pdb pickle pickletools
pkgutil platform poplib posixpath pprint quopri random re rfc822 robotparser sched select sgmllib
sha shelve shlex shutil smtplib socket sre_compile ssl stat string stringprep struct sys tarfile
tempfile textwrap thread threading time tokenize traceback types unicodedata unittest urllib urllib2
urlparse uu uuid warnings weakref webbrowser wsgiref xdrlib xml xmlrpclib zipfile zipimport zlib
"""
_STANDARD = frozenset(_STANDARD_NAMES.split())
_OTHERS = frozenset(
    {"google", "webapp2", "webapp2_extras", "django", "jinja2", "simplejson", "webob", "yaml"}
)
_ALIASES = 3  # how many names a name is followed through
# What belongs to one request or one thread though it can be reached from a module, and what has another rule.
_LOCAL = (
    *("os.environ", "sys.path", "django.conf", "django.db", "webapp2._local", "webapp2.WSGIApplication"),
    *("google.appengine.ext.webapp.WSGIApplication", "google.appengine.ext.ndb.tasklets._state"),
    "google.appengine.runtime.request_environment",
)


def assigned_attributes(file: PythonFile) -> Iterator[Node]:
    """The attributes that something is assigned to (`socket.socket = …`), in the order of the source."""
    for match in _TARGET.finditer(file.source.data):
        name = file.root.descendant_for_byte_range(match.start(1), match.end(1))
        node = name.parent if name is not None else None
        if node is not None and node.type == "attribute" and assignment_of(node) is not None:
            yield node


def assignment_of(target: Node) -> Node | None:
    """The assignment that gives something a value, alone or in a list of targets; None for other uses."""
    child = target
    for outer in ancestors(target):
        if outer.type in {"assignment", "augmented_assignment"}:
            return outer if outer.child_by_field_name("left") == child else None
        if outer.type not in {"pattern_list", "tuple_pattern", "list_pattern"}:
            return None
        child = outer
    return None


def assigned_value(target: Node) -> Node | None:
    """What a target gets, where it is plain to see."""
    statement = assignment_of(target)
    if statement is None or statement.type != "assignment":
        return None
    left, right = statement.child_by_field_name("left"), statement.child_by_field_name("right")
    if left is None or left == target or right is None:
        return right
    position = [part.id for part in left.named_children].index(target.id) if target.parent == left else None
    if right.type in {"expression_list", "tuple"} and position is not None:
        values = right.named_children
        return values[position] if len(values) == len(left.named_children) else None
    return None


def outside_name(app: App, file: PythonFile, node: Node | None) -> str | None:
    """The dotted name of a module or class that the app does not define, if an expression surely is one.

    Modules of Python, of the SDK and its libraries count, and those of third-party code that the app
    carries. What belongs to one thread or request does not.
    """
    head = node
    while head is not None and head.type == "attribute":
        head = head.child_by_field_name("object")
    if node is None or head is None or head.type != "identifier":
        return None
    bindings = file.lookup(text(head), head)
    if not bindings or not all(_is_passed_on(file, binding, _ALIASES) for binding in bindings):
        return None
    names = sorted(file.origins(node))
    return names[0] if names and all(_is_outside(app, file, name) for name in names) else None


def _is_passed_on(file: PythonFile, binding: Binding, steps: int) -> bool:
    """Whether a name is imported, or another name for a part of what is: `Node = template.Node`."""
    value = binding.value
    while value is not None and value.type == "attribute":
        value = value.child_by_field_name("object")
    if binding.kind == "import" or value is None or value.type != "identifier" or not steps:
        return binding.kind == "import"
    known = file.lookup(text(value), value)
    return bool(known) and all(_is_passed_on(file, each, steps - 1) for each in known)


def _is_outside(app: App, file: PythonFile, name: str) -> bool:
    if "(" in name or "*" in name or any(name == each or name.startswith(f"{each}.") for each in _LOCAL):
        return False
    found = find_origin(app, name, file)
    if found is None:
        return name.partition(".")[0] in _STANDARD | _OTHERS
    target, rest = found
    if not app.is_vendored(target.source.path):
        return False
    bindings = target.scope.bindings.get(rest, ())
    return not rest or any(binding.statement.type == "class_definition" for binding in bindings)
