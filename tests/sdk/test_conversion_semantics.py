"""What a script answers before it is converted, as a CGI script, it answers after as a WSGI application.

Both are run by the runtime code of Google's SDK itself (`google.appengine.runtime.cgi` and `.wsgi`),
under CPython 2.7, on the requests below.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from gaebot.app import App
from gaebot.rules.python27.shared.conversion.conversion import Conversion, convert
from gaebot.rules.python27.shared.conversion.obstacles import Blocked
from gaebot.text import SourceFile
from tests.sdk.script_shapes import COMMON, Shape, shapes

# Reads one question per line, [kind, module, attribute], and answers with what each request gives.
PROBE = """
import cStringIO, json, logging, os, sys, urlparse

this = sys.modules['__main__']  # cgi.py takes it away, and the last reference would empty it
sdk, root = json.loads(os.environ['PROBE_PATHS'])
sys.path.insert(0, sdk)
import dev_appserver
dev_appserver.fix_sys_path()
sys.path.insert(0, root)
os.environ.update(APPENGINE_RUNTIME='python27', SERVER_SOFTWARE='Development/2.0')
from google.appengine.runtime import cgi, wsgi
import common

logging.raiseExceptions = False
handler = logging.StreamHandler(sys.stderr)
logging.getLogger().addHandler(handler)
ENVIRON, PATH, LEVEL = dict(os.environ), list(sys.path), logging.getLogger().level
REQUESTS = [('GET', '/', ''), ('GET', '/hello?name=you', ''), ('POST', '/hello', 'name=me'),
            ('GET', '/nothing', '')]


def reset():
    os.environ.clear()
    os.environ.update(ENVIRON)
    sys.path[:] = PATH
    del common.requests[:], common.libraries[:]
    logging.getLogger().setLevel(LEVEL)


def ask(kind, module, attribute, method, url, post):
    url = urlparse.urlsplit('http://localhost:8080' + url)
    os.environ.clear()
    os.environ.update(ENVIRON)
    environ = dict(ENVIRON, REQUEST_METHOD=method, HTTP_HOST='localhost:8080', SERVER_NAME='localhost',
                   SERVER_PORT='8080', SERVER_PROTOCOL='HTTP/1.1', SCRIPT_NAME='', QUERY_STRING=url.query,
                   PATH_INFO=url.path, CONTENT_LENGTH=str(len(post)),
                   CONTENT_TYPE='application/x-www-form-urlencoded')
    os.environ.update(environ)
    stream = cStringIO.StringIO(post)
    if kind == 'cgi':
        answer = cgi.HandleRequest(environ, module + '.py', url, stream, sys.stderr, root, sdk)
    else:
        answer = wsgi.HandleRequest(environ, module + '.' + attribute, url, stream, sys.stderr)
    headers = sorted((name.lower(), value) for name, value in answer.get('headers', ()))
    return [answer.get('error', 0), answer.get('response_code'), headers, answer.get('body', '')]


def quiet_import(module):
    'What importing a module prints, and the requests that it runs.'
    os.environ.update(HTTP_HOST='localhost:8080')
    stdout, sys.stdout = sys.stdout, cStringIO.StringIO()
    try:
        __import__(module)
        return [sys.stdout.getvalue(), list(common.requests)]
    except Exception as error:
        return [repr(error), []]
    finally:
        sys.stdout = stdout


for line in sys.stdin:
    kind, module, attribute = json.loads(line)
    reset()
    imported = quiet_import(module) if kind == 'wsgi' else ['', []]
    answers = [ask(kind, module, attribute, *request) for request in REQUESTS]
    print json.dumps([imported, answers])
"""

SHAPES = shapes(count=160)


def script(shape: Shape) -> SourceFile:
    return SourceFile("main.py", shape.source)


def plan(source: SourceFile) -> Conversion:
    conversion = convert(App({"main.py": source.data, "common.py": COMMON.encode()}), "main.py")
    assert not isinstance(conversion, Blocked), conversion.reason
    return conversion


class Stage:
    """The files of all cases, and the questions about them, for one run of Python 2.7."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.questions: list[tuple[str, str, str]] = []
        (root / "common.py").write_text(COMMON)

    def add(self, kind: str, source: SourceFile, attribute: str = "") -> int:
        """Put a script on the stage; the number of its question."""
        number = len(self.questions)
        module = f"script_{number}"
        (self.root / f"{module}.py").write_bytes(source.data)
        self.questions.append((kind, module, attribute))
        return number

    def play(self, python27: Path, sdk: Path) -> list[Any]:
        """The answers, by number."""
        result = subprocess.run(
            [str(python27), "-B", "-c", PROBE],
            input="".join(f"{json.dumps(question)}\n" for question in self.questions),
            env={**os.environ, "PROBE_PATHS": json.dumps([str(sdk), str(self.root)])},
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        answers = [json.loads(line) for line in result.stdout.splitlines()]
        if len(answers) != len(self.questions):
            pytest.fail(result.stderr[-2000:], pytrace=False)
        return answers


@pytest.fixture(scope="module")
def answers(python27: Path, sdk: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Shape → kind of script → what importing it did, and what it answered."""
    stage = Stage(tmp_path_factory.mktemp("scripts"))
    numbers: dict[str, dict[str, int]] = {}
    for shape in SHAPES:
        original = script(shape)
        conversion = plan(original)
        prepared = original.apply(conversion.prepare)
        converted = original.apply(conversion.finish)
        later = plan(prepared)
        numbers[shape.name] = {
            "original": stage.add("cgi", original),
            "prepared": stage.add("cgi", prepared),
            "converted": stage.add("wsgi", converted, conversion.attribute),
            "converted later": stage.add("wsgi", prepared.apply(later.finish), later.attribute),
        }
    played = stage.play(python27, sdk)
    return {name: {kind: played[number] for kind, number in kinds.items()} for name, kinds in numbers.items()}


@pytest.mark.parametrize("name", [shape.name for shape in SHAPES])
def test_it_answers_the_same(name: str, answers: dict[str, dict[str, Any]]) -> None:
    of_shape = answers[name]
    _, expected = of_shape["original"]
    assert [answer[:2] for answer in expected] == [[0, 200], [0, 201], [0, 200], [0, 404]]
    for kind in ("prepared", "converted", "converted later"):
        imported, given = of_shape[kind]
        assert imported == ["", []], kind
        assert given == expected, kind
