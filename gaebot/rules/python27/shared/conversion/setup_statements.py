"""Statements of `main()` that belong at module level anyway, and those that do nothing."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from gaebot.rules.python27.shared.scripts.entry import uses
from gaebot.rules.python27.shared.scripts.references import may_be
from gaebot.rules.python27.shared.scripts.request_data import dev_server_tests
from gaebot.syntax.lines import within
from gaebot.syntax.nodes import string_value, text
from gaebot.syntax.python import Binding, PythonFile, Scope

# What is called or assigned to in set-up that is as good, or better, when it is done once in the
# life of a process.
_SETUP = frozenset(
    {
        "logging.basicConfig",
        "logging.disable",
        "logging.getLogger().setLevel",
        "logging.getLogger().addHandler",
        "logging.getLogger().addFilter",
        "logging.getLogger().propagate",
        "logging.root.setLevel",
        "google.appengine.dist.use_library",
        "google.appengine.ext.ereporter.register_logger",
        "google.appengine.ext.webapp.template.register_template_library",
        "google.appengine.ext.webapp.template.django.template.add_to_builtins",
        "django.template.add_to_builtins",
        "gettext.bindtextdomain",
        "gettext.install",
        "gettext.textdomain",
        "locale.setlocale",
        "mimetypes.add_type",
        "mimetypes.init",
        "site.addsitedir",
        "sys.modules",
        "sys.path",
        "sys.path.append",
        "sys.path.extend",
        "sys.path.insert",
        "sys.path.remove",
        "sys.setdefaultencoding",
        "sys.setrecursionlimit",
    }
)
# The same for everything below a name: Django's signals, its settings.
_SETUP_BELOW = ("django.conf.settings.", "django.core.signals.", "django.db.signals.", "django.dispatch.")
_IMPORTS = frozenset({"import_statement", "import_from_statement"})
_TOUCHES = {"call": "function", "assignment": "left", "augmented_assignment": "left"}
_TESTS_ASIDE = frozenset(
    {"os.path.exists", "os.path.isdir", "os.path.join", "os.path.dirname", "os.environ.get"}
)


def is_setup(file: PythonFile, statement: Node) -> bool:
    """Whether a statement is set-up that belongs at module level anyway.

    An import, a log level, a template library, `sys.path`, the settings of Django; also under an
    `if` that asks for nothing that changes.
    """
    if statement.type in _IMPORTS or text(statement) == "reload(sys)":
        return True
    if statement.type == "if_statement":
        return _is_setup_choice(file, statement)
    targets = _touched(statement)
    return bool(targets) and all(is_setup_target(file, target) for target in targets)


def _touched(statement: Node) -> list[Node]:
    """What a statement calls, sets or deletes, if it does one of these and nothing else."""
    if statement.type == "delete_statement":
        return statement.named_children
    inner = statement.named_children[0] if statement.type == "expression_statement" else None
    if inner is None or inner.type not in _TOUCHES:
        return []
    target = inner.child_by_field_name(_TOUCHES[inner.type])
    return [target] if target is not None else []


def is_setup_target(file: PythonFile, target: Node) -> bool:
    """Whether what is called, set or deleted is done in set-up that is as good when it is done once."""
    if target.type == "subscript":
        value, key = target.child_by_field_name("value"), target.child_by_field_name("subscript")
        if value is None:
            return False
        # Every request gets an environment of its own; Django reads this key once.
        if file.refers_to(value, "os.environ"):
            return string_value(key) == "DJANGO_SETTINGS_MODULE"
        target = value
    if may_be(file, target, _SETUP):
        return True
    return any(origin.startswith(_SETUP_BELOW) for origin in file.origins(target))


def _is_setup_choice(file: PythonFile, choice: Node) -> bool:
    condition = choice.child_by_field_name("condition")
    if condition is None or not _is_plain(file, condition):
        return False
    blocks = [choice.child_by_field_name("consequence")]
    for alternative in choice.children_by_field_name("alternative"):
        condition = alternative.child_by_field_name("condition")
        if condition is not None and not _is_plain(file, condition):
            return False
        blocks.append(
            alternative.child_by_field_name("body") or alternative.child_by_field_name("consequence")
        )
    inner = [s for block in blocks if block is not None for s in block.named_children if s.type != "comment"]
    return all(is_setup(file, statement) for statement in inner)


def is_idle(file: PythonFile, statement: Node, body: Node) -> bool:
    """Whether nothing is lost with a statement of a function.

    It repeats an import of the module, or gives a value that costs nothing to a name that `body`,
    the function, uses nowhere else.
    """
    if statement.type in _IMPORTS:
        return _is_repeated(file, statement)
    inner = statement.named_children[0] if statement.type == "expression_statement" else None
    if inner is None or inner.type != "assignment":
        return False
    left, right = inner.child_by_field_name("left"), inner.child_by_field_name("right")
    if left is None or left.type != "identifier" or right is None or not _is_plain(file, right):
        return False
    bindings = file.lookup(text(left), left)
    is_local = bool(bindings) and bindings is not file.scope.bindings.get(text(left))
    return is_local and all(node == left for node in uses(file, text(left)) if within(node, [body]))


def _is_repeated(file: PythonFile, statement: Node) -> bool:
    """Whether an import binds names that the module has bound by the same import already."""
    own = {_as_imported(b) for b in _imported(file.scope_at(statement)) if b.statement == statement}
    return bool(own) and own <= {_as_imported(binding) for binding in _imported(file.scope)}


def _imported(scope: Scope) -> Iterator[Binding]:
    for bindings in scope.bindings.values():
        yield from (binding for binding in bindings if binding.kind == "import")


def _as_imported(binding: Binding) -> tuple[str, str | None, str]:
    """An import's name, what it stands for, and of `import a.b`, which binds `a`, the whole."""
    return binding.text, binding.origin, text(binding.name.parent)


def _is_plain(file: PythonFile, expression: Node) -> bool:
    """Whether an expression calls nothing, or nothing but what only looks."""
    harmless = [test for test, _ in dev_server_tests(file, expression)]
    for call in file.parts("call", expression):
        function = call.child_by_field_name("function")
        looks = function is not None and may_be(file, function, _TESTS_ASIDE)
        if not looks and not within(call, harmless):
            return False
    return True
