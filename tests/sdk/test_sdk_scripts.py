"""The names in `sdk_scripts` are those of Google's SDK, and zipserve serves under its new name."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

import gaebot
from gaebot.prove import DevServer
from gaebot.rules.python27.shared.config.sdk_scripts import GONE, WSGI_NAMES, ZIPSERVE

PROBE = """
import json, os, sys
sdk = os.environ['PROBE_SDK']
sys.path.insert(0, sdk)
import dev_appserver
dev_appserver.fix_sys_path()
os.environ.update(APPENGINE_RUNTIME='python27', SERVER_SOFTWARE='Development/2.0', APPLICATION_ID='dev~app',
                  CURRENT_VERSION_ID='1.1', SERVER_NAME='localhost', SERVER_PORT='8080',
                  AUTH_DOMAIN='gmail.com',
                  DJANGO_SETTINGS_MODULE='probe_settings')
from google.appengine.runtime import wsgi
for name in json.load(sys.stdin):
    try:
        found, _, error = wsgi.LoadObject(name)
        print json.dumps([name, str(error) if error else callable(found)])
    except Exception as error:
        print json.dumps([name, repr(error)])
"""


@pytest.fixture(scope="module")
def loaded(python27: Path, sdk: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Name → True when the SDK's own function loads something that can be called, else what it says."""
    folder = tmp_path_factory.mktemp("app")
    (folder / "probe_settings.py").write_text("SECRET_KEY = 'x'\n")
    result = subprocess.run(
        [str(python27), "-B", "-c", PROBE], input=json.dumps(sorted(set(WSGI_NAMES.values()))),
        env={**os.environ, "PROBE_SDK": str(sdk), "PYTHONPATH": str(folder)},
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return dict(json.loads(line) for line in result.stdout.splitlines())


@pytest.mark.parametrize("name", sorted(set(WSGI_NAMES.values())))
def test_the_sdk_loads_it(name: str, loaded: dict[str, object]) -> None:
    assert loaded[name] is True


@pytest.mark.parametrize("path", sorted(WSGI_NAMES.keys() | ZIPSERVE))
def test_the_script_is_part_of_the_sdk(path: str, sdk: Path) -> None:
    # Some spellings never named a file: they are what people wrote and the name that was meant.
    meant = sdk / path
    assert meant.exists() or (sdk / Path(path).parent / "__init__.py").exists()


@pytest.mark.parametrize("path", sorted(path for path in GONE if path.endswith("/main.py")))
def test_what_is_gone_is_gone(path: str, sdk: Path) -> None:
    assert not (sdk / path).exists()


def test_zipserve_serves(python27: Path, sdk: Path, tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text(
        "application: files\nversion: 1\nruntime: python\napi_version: 1\n"
        "handlers:\n- url: /docs/.*\n  script: $PYTHON_LIB/google/appengine/ext/zipserve\n"
    )
    with zipfile.ZipFile(tmp_path / "docs.zip", "w") as archive:
        archive.writestr("guide/start.txt", "Begin here.")
    gaebot.fix(tmp_path, unsafe=True)
    assert "script: zipserve_app.app\n" in (tmp_path / "app.yaml").read_text()
    with DevServer(tmp_path, python27=python27, sdk=sdk) as server:
        answer = server.request("GET", "/docs/guide/start.txt")
        assert (answer.status, answer.body) == (200, b"Begin here."), answer.log
        assert answer.headers["Content-Type"].startswith("text/plain")
        assert server.request("GET", "/docs/guide/end.txt").status == 404
