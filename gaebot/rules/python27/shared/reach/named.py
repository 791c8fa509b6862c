"""Classes that somebody may make objects of: code names them, or a string, or app.yaml."""

from __future__ import annotations

from gaebot.app import App, once_per_app
from gaebot.rules.python27.shared.reach.calls import Mention, mentions
from gaebot.rules.python27.shared.reach.code import ClassCode, app_code


def is_named(app: App, cls: ClassCode) -> bool:
    """Whether a class is named outside of its own body: in code, in a string, or as a script."""
    return id(cls) in _named_classes(app)


@once_per_app
def _named_classes(app: App) -> frozenset[int]:
    """The ids of the classes that code names, or a string: 'middleware.Sessions'."""
    code = app_code(app)
    names = {cls.name for cls in code.classes}
    words = {
        last
        for request_file in code.files.values()
        for at, name in request_file.file.strings_with_names
        if (last := name.rpartition(".")[2]) in names and not request_file.file.is_in_comment(at)
    }
    words |= _names_in_yaml(app)
    return frozenset(
        id(cls)
        for cls in code.classes
        if cls.name in words or any(_is_elsewhere(mention, cls) for mention in mentions(app).of(cls))
    )


def _is_elsewhere(mention: Mention, cls: ClassCode) -> bool:
    """Whether a class is named outside of its own body."""
    is_own_file = mention.file.source.path == cls.file.source.path
    return not (is_own_file and cls.node.start_byte <= mention.node.start_byte < cls.node.end_byte)


def _names_in_yaml(app: App) -> set[str]:
    """The last words of what the services name as their scripts."""
    return {use.script.text.rpartition(".")[2] for service in app.services for use in service.scripts}
