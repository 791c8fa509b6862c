"""The switch: one fix per service that moves it to python27, its YAML and its scripts together.

Google's guide: an app.yaml can't mix CGI scripts and WSGI applications, and `threadsafe: true` can't
stand beside a CGI script. So either every CGI script of a service becomes a WSGI application, or all
stay as they are, with `threadsafe: false`, until what blocks them is mended by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tree_sitter import Node

from gaebot.app import App, once_per_app
from gaebot.finding import Fix, RunsOn, Safety
from gaebot.rules.python27.shared.config.sdk_scripts import GONE, WSGI_NAMES, ZIPSERVE, ZIPSERVE_MODULE
from gaebot.rules.python27.shared.config.services import NEW_RUNTIME, OLD_RUNTIME, python_services
from gaebot.rules.python27.shared.conversion.conversion import Conversion, convert
from gaebot.rules.python27.shared.conversion.explicit_handlers import explicit_handlers
from gaebot.rules.python27.shared.conversion.obstacles import Blocked
from gaebot.rules.python27.shared.conversion.threadsafety import Verdict, verdict
from gaebot.rules.python27.shared.reach.placing import request_function
from gaebot.rules.python27.shared.scripts.cgi_input import form_reads
from gaebot.rules.python27.shared.scripts.cgi_output import WORDS, is_answer, outputs
from gaebot.rules.python27.shared.scripts.handler_scripts import request_file
from gaebot.rules.python27.shared.scripts.import_cycles import import_back
from gaebot.rules.python27.shared.scripts.loading import reachable
from gaebot.rules.python27.shared.scripts.packages import (
    hidden_module,
    import_clash,
    missing_packages,
    reserved_name,
)
from gaebot.rules.python27.shared.scripts.profiling import profiling_functions
from gaebot.script import module_name
from gaebot.service import ScriptUse, Service
from gaebot.syntax.lines import within
from gaebot.syntax.python import PythonFile
from gaebot.syntax.yaml import boolean, is_null
from gaebot.text import Edit, NewFile

_EXPLICIT_FIRST = "write a handler for each script that the URLs name"
_LOCKS_FIRST = "take the patches that hold a lock around what requests change at the same time"


class Target(NamedTuple):
    """What the script string of one CGI handler can become.

    `wsgi_name` is the new string; None when `blocked` says why there is none. `conversion` is that
    of the app's own script, None for one of the SDK.
    """

    use: ScriptUse
    wsgi_name: str | None = None
    conversion: Conversion | None = None
    new_files: tuple[NewFile, ...] = ()
    blocked: Blocked | None = None


class Switch(NamedTuple):
    """The plan for one service: its CGI scripts, the value for `threadsafe`, and the one fix.

    `waits_for` says, as the rest of a sentence, which fix comes first; until that is made there is none here.
    That is one that writes a handler for each script that a URL names, or the locks without which requests
    would spoil what they share. Empty when nothing comes first.
    """

    service: Service
    targets: tuple[Target, ...]
    verdict: Verdict
    fix: Fix | None = None
    waits_for: str = ""

    @property
    def blocked(self) -> tuple[Target, ...]:
        """The scripts that can't be converted."""
        return tuple(target for target in self.targets if target.blocked)

    @property
    def converts(self) -> bool:
        """Whether the fix turns the service's CGI scripts into WSGI applications."""
        return self.fix is not None and not self.blocked and bool(self.targets)

    def target(self, use: ScriptUse) -> Target | None:
        """The target of one script string, None when it is no CGI script."""
        return next((target for target in self.targets if target.use.node is use.node), None)


@once_per_app
def switches(app: App) -> tuple[Switch, ...]:
    """The plan for every Python service of an app, in order."""
    services = list(python_services(app))
    targets = {service: tuple(_targets(app, service)) for service in services}
    waiting = _with_sharers({service for service in services if _waits(app, service)}, targets)
    blocked = {service for service in services if any(target.blocked for target in targets[service])}
    stuck = _with_sharers(blocked, targets)
    still_cgi = {t.conversion.path for s in stuck | waiting for t in targets[s] if t.conversion}
    return tuple(
        Switch(
            service,
            targets[service],
            verdict(app, service, _scripts(targets[service])),
            waits_for=_EXPLICIT_FIRST,
        )
        if service in waiting
        else _switch(app, service, targets[service], still_cgi, stuck=service in stuck)
        for service in services
    )


def _targets(app: App, service: Service) -> Iterator[Target]:
    for use in service.scripts:
        if use.script.is_cgi:
            yield app.remember((_target, id(use.node)), lambda use=use: _target(app, use))  # type: ignore[misc]


def _target(app: App, use: ScriptUse) -> Target:
    found = _wsgi_target(app, use)
    if found.blocked or found.wsgi_name is None:
        return found
    if not use.file.can_be_patched:
        return Target(
            use, blocked=Blocked(f"{use.file.source.path} uses YAML aliases, which gaebot does not edit")
        )
    if use.file.set_scalar(use.node, found.wsgi_name) is None:
        return Target(
            use,
            blocked=Blocked("it is written as a YAML block scalar, which gaebot does not edit", use.place),
        )
    return found


def _wsgi_target(app: App, use: ScriptUse) -> Target:
    script = use.script
    if script.has_backreference:
        reason = "it takes the name of the file from the URL, so no single application can be named"
        return Target(use, blocked=Blocked(reason, use.place))
    if script.is_sdk:
        return _sdk_target(app, use)
    path = script.path
    if not path.endswith(".py") and f"{path}/__init__.py" in app.paths:
        path = f"{path}/__init__.py"
    conversion = _unnameable(app, path, use) or convert(app, path)
    if isinstance(conversion, Conversion):
        conversion = _within_reach(app, conversion, use)
    if isinstance(conversion, Blocked):
        return Target(use, blocked=conversion)
    if conversion.gate is not None:
        reason = "its `main()` can end before the application gets the request; move that into the handlers"
        return Target(use, blocked=Blocked(reason, conversion.gate))
    if conversion.lost_work is not None:
        reason = (
            "its `main()` does more than run the application, which a WSGI application would never do; move"
            " that to module level, or into the handlers if each request needs it"
        )
        return Target(use, blocked=Blocked(reason, conversion.lost_work))
    if (as_cgi := _works_as_cgi_only(app, path)) is not None:
        return Target(use, blocked=as_cgi)
    name = f"{module_name(path)}.{conversion.attribute}"
    return Target(use, name, conversion, tuple(missing_packages(app, path)))


def _works_as_cgi_only(app: App, path: str) -> Blocked | None:
    """What in code that a request to a script runs needs the streams that only a CGI script has."""
    for loaded in reachable(app, path):
        file = request_file(app, loaded)
        for node, reason in _streams(file.file) if file is not None else ():
            if file is not None and request_function(app, file, node) is not None:
                return Blocked(reason, file.file.place(node))
    return None


def _streams(file: PythonFile) -> Iterator[tuple[Node, str]]:
    """Where a file reads a posted form from standard input, or writes of an answer to standard output."""
    if b"cgi" in file.source.data:
        reason = "it reads a form that was posted from standard input, where a WSGI application finds nothing"
        yield from ((call, reason) for call, _ in form_reads(file))
    if not WORDS.isdisjoint(file.words):
        reason = "it writes of its answer to standard output, which goes to the log in a WSGI application"
        profilers = profiling_functions(file)
        for node in outputs(file):
            if is_answer(file, node) and not within(node, profilers):
                yield node, reason


def _within_reach(app: App, conversion: Conversion, use: ScriptUse) -> Conversion | Blocked:
    """A conversion of a file that may be edited, or one that takes no edit."""
    path = conversion.path
    if app.is_vendored(path):
        if conversion.prepare:
            reason = (
                "it belongs to bundled third-party code: take a version of it that is made for python27, "
                "or this handler out"
            )
            return Blocked(reason, use.place)
        return conversion._replace(finish=())
    if conversion.finish and path in app.read_only:
        return Blocked(
            f"{path} stands behind a symbolic link, and gaebot does not edit such files", use.place
        )
    return conversion


def _sdk_target(app: App, use: ScriptUse) -> Target:
    path = use.script.path
    if path in WSGI_NAMES:
        return Target(use, WSGI_NAMES[path])
    if path in ZIPSERVE:
        return _zipserve_target(app, use)
    known = GONE.get(path, "gaebot knows no WSGI name for this script of the SDK")
    return Target(use, blocked=Blocked(known, use.place))


def _zipserve_target(app: App, use: ScriptUse) -> Target:
    """The module that serves zipserve: the app has it from another of its services, or gets it."""
    data = ZIPSERVE_MODULE.encode()
    for name in ("zipserve_app", "zipserve_wsgi", "gae_zipserve"):
        source = app.files.get(f"{name}.py")
        if source is not None and source.data == data:
            return Target(use, f"{name}.app")
        if f"{name}.py" not in app.paths and name not in app.folders:
            return Target(use, f"{name}.app", new_files=(NewFile(f"{name}.py", data),))
    return Target(use, blocked=Blocked("it needs a module of its own, whose name is taken", use.place))


def _unnameable(app: App, path: str, use: ScriptUse) -> Blocked | None:
    """Why a file can't be named as a module, if so."""
    if path not in app.files:
        return Blocked(_why_missing(app, path), use.place)
    if back := import_back(app, path):
        return Blocked(f"a module that it imports needs its `{back[0]}` before that is defined", back[1])
    reason = next(_bad_names(app, path), None)
    return Blocked(reason, use.place) if reason is not None else None


def _why_missing(app: App, path: str) -> str:
    if path.startswith("../"):
        return "it lies outside the app"
    return (
        "it is not uploaded, `skip_files` excludes it" if path in app.skipped else "the file does not exist"
    )


def _bad_names(app: App, path: str) -> Iterator[str]:
    """Why importing the module at `path` would not give it, or would break another one."""
    if "." in path.removesuffix(".py"):
        yield "it can't be imported with a dot in its name: rename it"
    if name := reserved_name(app, path):
        yield f"it can't be imported as `{name}`, a name that belongs to Python or to App Engine: rename it"
    if f"{path.removesuffix('.py')}/__init__.py" in app.paths:
        yield "a package of the same name hides it: rename one of them"
    if clash := import_clash(app, path):
        yield f"once its folder is a package, its `import {clash}` would load another file than now"
    if hidden := hidden_module(app, path):
        yield f"once its folder is a package, {hidden} could not be imported any more"


def _waits(app: App, service: Service) -> bool:
    """Whether a fix is on offer that puts scripts in the place of one that the URL names."""
    explicit = (
        explicit_handlers(app, service, handler)
        for handler in service.handlers
        if handler.use is not None and handler.use.script.is_cgi
    )
    return any(handlers is not None and handlers.fix is not None for handlers in explicit)


def _with_sharers(chosen: set[Service], targets: dict[Service, tuple[Target, ...]]) -> set[Service]:
    """Some services, and all that share a YAML file which names CGI scripts with one of them."""
    while True:
        files = {id(target.use.file) for service in chosen for target in targets[service]}
        sharing = {
            service for service, own in targets.items() if any(id(target.use.file) in files for target in own)
        }
        if sharing <= chosen:
            return chosen
        chosen = chosen | sharing


def _switch(
    app: App, service: Service, own: tuple[Target, ...], still_cgi: set[str], *, stuck: bool
) -> Switch:
    staying = [target for target in own if target.blocked] or (own if stuck else ())
    decision = verdict(app, service, _scripts(staying))
    edits = list(_yaml_edits(service, decision))
    new_files: list[NewFile] = []
    if not stuck:
        for target in own:
            edits += _script_edits(target, still_cgi)
            new_files += target.new_files
    threadsafe = service.get("threadsafe")
    if decision.waits and (threadsafe is None or boolean(threadsafe.value) is not False):
        return Switch(service, own, decision, waits_for=_LOCKS_FIRST)
    if not edits or not service.file.can_be_patched:
        return Switch(service, own, decision)
    return Switch(service, own, decision, _fix(service, own, decision, edits, new_files, stuck=stuck))


def _scripts(targets: Iterable[Target]) -> int:
    """How many scripts there are; a script that several handlers name is one."""
    return len({target.use.script.text for target in targets})


def _fix(
    service: Service,
    own: tuple[Target, ...],
    decision: Verdict,
    edits: list[Edit],
    new_files: list[NewFile],
    *,
    stuck: bool,
) -> Fix:
    count = _scripts(own)
    scripts = "1 script" if count == 1 else f"{count} scripts"
    value = "true" if decision.value else "false"
    if service.runtime != OLD_RUNTIME:
        made = "a WSGI application" if count == 1 else "WSGI applications"
        converted = f"Make {scripts} of {service.path} {made}"
        title = f"Set threadsafe to {value} in {service.path}" if stuck or not own else converted
    elif own:
        become = "stays CGI" if count == 1 else "stay CGI"
        if not stuck:
            become = "becomes WSGI" if count == 1 else "become WSGI"
        title = f"Move {service.path} to python27: threadsafe {value}, {scripts} {become}"
    else:
        title = f"Move {service.path} to python27: threadsafe {value}"
    return Fix(
        title, tuple(dict.fromkeys(edits)), Safety.REVIEW, RunsOn.TARGET, tuple(dict.fromkeys(new_files))
    )


def _yaml_edits(service: Service, decision: Verdict) -> Iterator[Edit]:
    """The edits of `runtime` and `threadsafe` in the service's own file."""
    file, runtime = service.file, service.get("runtime")
    if service.mapping is None or runtime is None:
        return
    if service.runtime == OLD_RUNTIME:
        edit = file.set_scalar(runtime.value, NEW_RUNTIME)
        if edit is not None:
            yield edit
    threadsafe = service.get("threadsafe")
    value = "true" if decision.value else "false"
    if threadsafe is None:
        above = service.get("api_version") or runtime
        yield file.insert_after(service.mapping, above, [f"threadsafe: {value}"])
    elif is_null(threadsafe.value) or (boolean(threadsafe.value) and not decision.value):
        edit = file.set_plain(threadsafe.value, value)
        if edit is not None:
            yield edit


def _script_edits(target: Target, still_cgi: set[str]) -> Iterator[Edit]:
    edit = target.use.file.set_scalar(target.use.node, target.wsgi_name or "")
    if edit is not None:
        yield edit
    if target.conversion is not None:
        kept = target.conversion.path in still_cgi
        yield from target.conversion.prepare if kept else target.conversion.finish
