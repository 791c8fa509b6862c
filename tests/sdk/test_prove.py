"""The harness itself, on tiny apps: it must not call good what is bad, nor the other way round."""

from __future__ import annotations

import os
import socket
import subprocess
import textwrap
from pathlib import Path

import pytest

from gaebot.prove import (
    DevServer,
    NoAnswerError,
    ProofError,
    StartError,
    Verdict,
    compile_files,
    find_python27,
    find_sdk,
    handler_urls,
    install_sdk,
    probe_handlers,
    read_handlers,
    route,
    validate_yaml,
)
from gaebot.prove.probe import tracebacks
from gaebot.prove.sdk import cache_folder

APP_YAML = """\
application: tiny
version: 1
runtime: python27
api_version: 1
threadsafe: true

handlers:
"""
CGI_YAML = APP_YAML.replace("python27", "python").replace("threadsafe: true\n", "")

WSGI_APP = """\
import webapp2

class Page(webapp2.RequestHandler):
    def get(self):
        self.response.write('hello from ' + self.request.path)

app = webapp2.WSGIApplication([('/.*', Page)])
"""


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    return root


def script(*entries: tuple[str, str]) -> str:
    return "".join(f"- url: {url}\n  script: {name}\n" for url, name in entries)


def verdicts(app: Path, python27: Path, sdk: Path) -> dict[str, tuple[Verdict, str]]:
    report = probe_handlers(app, python27=python27, sdk=sdk)
    assert report.refused is None
    return {probe.url: (probe.verdict, probe.reason) for probe in report.probes}


class TestFindPython27:
    def test_what_the_environment_names(self, python27: Path) -> None:
        assert find_python27({"PYTHON27": str(python27), "PATH": ""}) == python27

    def test_a_wrong_choice_is_not_passed_over(self, tmp_path: Path) -> None:
        with pytest.raises(ProofError, match=r"PYTHON27 is set to .*nowhere"):
            find_python27({"PYTHON27": str(tmp_path / "nowhere"), "PATH": os.environ["PATH"]})

    def test_pyenv(self, python27: Path, tmp_path: Path) -> None:
        program = tmp_path / "versions" / "2.7.18" / "bin" / "python2.7"
        program.parent.mkdir(parents=True)
        program.write_text(f'#!/bin/sh\nexec "{python27}" "$@"\n')
        program.chmod(0o755)
        assert find_python27({"PYENV_ROOT": str(tmp_path), "PATH": ""}) == python27

    def test_a_python_3_under_the_name_is_not_taken(self, tmp_path: Path) -> None:
        program = tmp_path / "python2.7"
        program.write_text('#!/bin/sh\nexec python3 "$@"\n')
        program.chmod(0o755)
        with pytest.raises(ProofError, match=r"No Python 2\.7 found"):
            find_python27({"PATH": str(tmp_path), "PYENV_ROOT": str(tmp_path)})


class TestFindSdk:
    def test_a_wrong_choice_is_not_passed_over(self, tmp_path: Path) -> None:
        with pytest.raises(ProofError, match=r"holds no dev_appserver\.py"):
            find_sdk({"GAEBOT_SDK": str(tmp_path)})

    def test_none_installed(self, tmp_path: Path) -> None:
        environ = {"XDG_CACHE_HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path)}
        if not cache_folder(environ).is_relative_to(tmp_path):
            pytest.skip("macOS has one cache folder, whatever the environment says")
        with pytest.raises(ProofError, match="not installed"):
            find_sdk(environ)

    def test_a_pip_that_fails_is_quoted(self, tmp_path: Path) -> None:
        program = tmp_path / "python2.7"
        program.write_text("#!/bin/sh\necho 'No module named pip' >&2\nexit 1\n")
        program.chmod(0o755)
        environ = {"XDG_CACHE_HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path)}
        if not cache_folder(environ).is_relative_to(tmp_path):
            pytest.skip("macOS has one cache folder, whatever the environment says")
        with pytest.raises(ProofError, match="No module named pip"):
            install_sdk(program, environ)
        assert list(cache_folder(environ).parent.iterdir()) == []


class TestCompileFiles:
    def test_modules_in_the_current_folder_are_not_loaded(
        self, python27: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("json", "re", "sys", "sre_compile"):
            (tmp_path / f"{name}.py").write_text("open('executed', 'w')\n")
        monkeypatch.chdir(tmp_path)
        assert compile_files(python27, [Path("json.py")]) == {Path("json.py"): None}
        assert not (tmp_path / "executed").exists()

    def test_python_2_is_what_it_reads(self, python27: Path, tmp_path: Path) -> None:
        write(
            tmp_path,
            {
                "good.py": "print 'x'\ntry:\n    pass\nexcept E, e:\n    pass\n",
                "new.py": "print('x', end='')\n",
                "bad.py": "x = 1\nif x\n    pass\n",
                "empty.py": "",
            },
        )
        (tmp_path / "latin.py").write_bytes(b"# -*- coding: latin-1 -*-\r\nx = '\xe9'\r\n")
        (tmp_path / "no_cookie.py").write_bytes(b"x = '\xe9'\n")
        (tmp_path / "nul.py").write_bytes(b"x = 1\0\n")
        (tmp_path / "no_newline.py").write_bytes(b"if 1:\n    pass")
        answers = compile_files(python27, sorted(tmp_path.glob("*.py")))
        errors = {path.name: error for path, error in answers.items()}
        assert [name for name, error in errors.items() if error is None] == [
            "empty.py",
            "good.py",
            "latin.py",
            "no_newline.py",
        ]
        assert errors["bad.py"] == "line 2: invalid syntax"
        assert "null byte" in (errors["nul.py"] or "")

    @pytest.mark.parametrize(
        "source",
        [
            b"x = '\xe9'\n",
            b"# caf\xe9\n",
            b"# coding: latin-1\nx = '\xe9'\n",
            b"#!/usr/bin/python\n# vim: set fileencoding=latin-1 :\nx = '\xe9'\n",
            b"\n# coding: latin-1\nx = '\xe9'\n",
            b"y = 1\n# coding: latin-1\nx = '\xe9'\n",
            b"\n\n# coding: latin-1\nx = '\xe9'\n",
            b"\xef\xbb\xbfx = '\xc3\xa9'\n",
            b"# coding: no-such-codec\nx = 1\n",
            b"# coding: utf-8\nx = '\xe9'\n",
            b"# coding: utf-8\r\nx = '\xc3\xa9'\r\n",
        ],
    )
    def test_encodings_as_when_the_file_is_imported(
        self, python27: Path, tmp_path: Path, source: bytes
    ) -> None:
        path = tmp_path / "sample.py"
        path.write_bytes(source)
        imported = subprocess.run([python27, "-B", path], capture_output=True, text=True, check=False)
        error = compile_files(python27, [path])[path]
        assert (error is None) == (imported.returncode == 0), (error, imported.stderr)

    def test_nothing_is_run_or_written(self, python27: Path, tmp_path: Path) -> None:
        write(tmp_path, {"loud.py": f"open({str(tmp_path / 'ran')!r}, 'w')\n"})
        assert compile_files(python27, [tmp_path / "loud.py"]) == {tmp_path / "loud.py": None}
        assert [path.name for path in tmp_path.iterdir()] == ["loud.py"]

    def test_one_bad_file_does_not_hide_the_others(self, python27: Path, tmp_path: Path) -> None:
        write(tmp_path, {"a.py": "a = 1\n", "deep.py": "(" * 10000 + ")" * 10000, "z.py": "z ="})
        names = ["a.py", "deep.py", "missing.py", "z.py"]
        answers = compile_files(python27, [tmp_path / name for name in names])
        assert [error is None for error in answers.values()] == [True, False, False, False]

    def test_a_compiler_that_dies_is_told(self, tmp_path: Path) -> None:
        # A program that answers the first question and dies of a signal over every second one.
        program = tmp_path / "python2.7"
        program.write_text("#!/bin/sh\necho null\nkill -9 $$\n")
        program.chmod(0o755)
        paths = [tmp_path / name for name in ("a.py", "b.py", "c.py")]
        assert list(compile_files(program, paths).values()) == [
            None,
            "Python 2.7 died compiling it",
            None,
        ]

    def test_no_files(self, python27: Path) -> None:
        assert compile_files(python27, []) == {}


class TestValidateYaml:
    def test_app_yaml(self, python27: Path, sdk: Path, tmp_path: Path) -> None:
        write(
            tmp_path,
            {
                "app.yaml": APP_YAML + script(("/.*", "main.app")),
                "old/app.yaml": CGI_YAML + script(("/.*", "main.py")),
                "worker.yaml": "service: worker\n" + APP_YAML + script(("/.*", "main.app")),
                "cgi/app.yaml": APP_YAML + script(("/.*", "main.py")),
                "no_threadsafe/app.yaml": CGI_YAML.replace("python", "python27") + script(("/.*", "main.py")),
                "no_runtime/app.yaml": "api_version: 1\nhandlers:\n" + script(("/.*", "main.app")),
                "broken/app.yaml": "runtime: [python27\n",
                "empty/app.yaml": "",
            },
        )
        paths = sorted(tmp_path.rglob("*.yaml"))
        answers = validate_yaml(python27, sdk, paths)
        told = {str(path.relative_to(tmp_path)): answers[path] for path in paths}
        accepted = {name: v.runtime for name, v in told.items() if v.error is None}
        assert accepted == {
            "app.yaml": "python27",
            "old/app.yaml": "python",
            "worker.yaml": "python27",
        }
        assert told["app.yaml"].threadsafe is True
        assert told["old/app.yaml"].threadsafe is None
        assert "threadsafe cannot be enabled with CGI handler" in (told["cgi/app.yaml"].error or "")
        assert "threadsafe" in (told["no_threadsafe/app.yaml"].error or "")

    def test_includes_are_read_and_judged(self, python27: Path, sdk: Path, tmp_path: Path) -> None:
        write(
            tmp_path,
            {
                "app.yaml": APP_YAML + script(("/.*", "main.app")) + "includes:\n- more.yaml\n",
                "more.yaml": "handlers:\n" + script(("/more", "more.py")),
            },
        )
        answers = validate_yaml(python27, sdk, [tmp_path / "app.yaml", tmp_path / "more.yaml"])
        assert "CGI handler: more.py" in (answers[tmp_path / "app.yaml"].error or "")
        assert answers[tmp_path / "more.yaml"].error is None

    def test_the_other_files(self, python27: Path, sdk: Path, tmp_path: Path) -> None:
        write(
            tmp_path,
            {
                "cron.yaml": "cron:\n- url: /x\n  schedule: every 5 minutes\n",
                "queue.yaml": "queue:\n- name: q\n  rate: 5/s\n",
                "dispatch.yaml": "dispatch:\n- url: '*/x'\n  module: worker\n",
                "backends.yaml": "backends:\n- name: big\n  instances: 1\n",
                "index.yaml": "indexes:\n- kind: K\n  properties:\n  - name: a\n",
                "bad/cron.yaml": "cron:\n- url: /x\n  schedule: now and then\n",
                "bad/queue.yaml": "queue:\n- name: q\n  rate: fast\n",
                "bad/index.yaml": "indexes:\n- properties: 3\n",
            },
        )
        answers = validate_yaml(python27, sdk, sorted(tmp_path.rglob("*.yaml")))
        refused = [str(path.relative_to(tmp_path)) for path, v in answers.items() if v.error is not None]
        assert refused == ["bad/cron.yaml", "bad/index.yaml", "bad/queue.yaml"]


class TestHandlers:
    def urls(self, tmp_path: Path, yaml_text: str, *files: str) -> list[tuple[str, str | None]]:
        write(tmp_path, {"app.yaml": yaml_text, **dict.fromkeys(files, "")})
        handlers = read_handlers(tmp_path / "app.yaml")
        return [(handler.url, path) for handler, path in handler_urls(handlers, tmp_path)]

    def test_each_gets_a_path_that_no_earlier_one_takes(self, tmp_path: Path) -> None:
        text = """\
            handlers:
            - url: /static
              static_dir: static
            - url: /
              script: root.py
            - url: /(admin|super)/.*
              script: admin.py
            - url: /item/\\d+/[^/]+\\.html
              script: item.py
            - url: /[a-z]{3}_x?
              script: set.py
            - url: /static/x
              script: hidden.py
            - url: .*
              script: rest.py
            - url: /late
              script: late.py
            - url: /(unclosed
              script: broken.py
        """
        assert self.urls(tmp_path, textwrap.dedent(text)) == [
            ("/", "/"),
            ("/(admin|super)/.*", "/admin/"),
            ("/item/\\d+/[^/]+\\.html", "/item/0/a.html"),
            ("/[a-z]{3}_x?", "/aaa_"),
            ("/static/x", None),
            (".*", "/a"),
            ("/late", None),
            ("/(unclosed", None),
        ]

    def test_scripts_named_by_the_url(self, tmp_path: Path) -> None:
        text = "handlers:\n" + script(("/(\\w+)/(.*)", "\\1/\\2.py"), ("/(.*)", "\\1.app"))
        assert self.urls(tmp_path, text, "a/b.py", "a/c.py", "main.py") == [
            ("/(\\w+)/(.*)", "/a/b"),
            ("/(\\w+)/(.*)", "/a/c"),
            ("/(.*)", "/a.b"),
            ("/(.*)", "/a.c"),
            ("/(.*)", "/main"),
        ]

    def test_alternatives_are_matched_as_google_does(self, tmp_path: Path) -> None:
        write(tmp_path, {"app.yaml": "handlers:\n" + script(("/a|/b", "x.py"))})
        handlers = read_handlers(tmp_path / "app.yaml")
        assert route(handlers, "/a/anything") is handlers[0]
        assert route(handlers, "/b/anything") is None

    @pytest.mark.parametrize("text", ["", "- 1\n", "handlers: 3\n", "handlers: [1, {url: []}]\n"])
    def test_no_handlers(self, tmp_path: Path, text: str) -> None:
        write(tmp_path, {"app.yaml": text})
        assert read_handlers(tmp_path / "app.yaml") == []

    @pytest.mark.parametrize("text", ["a: [\n", "[" * 5000, "a: \x00\n"])
    def test_not_yaml(self, tmp_path: Path, text: str) -> None:
        write(tmp_path, {"app.yaml": text})
        with pytest.raises(ValueError, match=r"app\.yaml is not readable as YAML"):
            read_handlers(tmp_path / "app.yaml")


class TestDevServer:
    def test_a_good_app(self, python27: Path, sdk: Path, tmp_path: Path) -> None:
        app = write(
            tmp_path / "app",
            {
                "app.yaml": APP_YAML
                + "- url: /admin\n  script: main.app\n  login: admin\n"
                + script(("/.*", "main.app")),
                "main.py": WSGI_APP,
            },
        )
        before = sorted(app.rglob("*"))
        with DevServer(app, python27=python27, sdk=sdk) as server:
            answer = server.get("/x?a=b")
            assert (answer.status, answer.body) == (200, b"hello from /x")
            assert answer.headers["Content-Type"].startswith("text/html")
            assert '"GET /x?a=b HTTP/1.1" 200' in answer.log
            assert "/x?a=b" not in server.get("/y").log
            assert server.get("/admin").status == 200
            assert server.get("/admin", login=None).status == 302
            assert server.get("/admin", login="user").status == 401
            assert server.request("POST", "/x", body=b"q=1").status == 405
            root = server.root
        assert not root.exists()
        assert sorted(app.rglob("*")) == before

    def test_nothing_is_left_running(self, python27: Path, sdk: Path, tmp_path: Path) -> None:
        app = write(
            tmp_path / "app",
            {"app.yaml": APP_YAML + script(("/.*", "main.app")), "main.py": WSGI_APP},
        )
        with DevServer(app, python27=python27, sdk=sdk) as server:
            server.get("/")
            port = server.port()
            marker = str(server.root.parent)
        processes = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=False).stdout
        assert marker not in processes
        with socket.socket() as client, pytest.raises(ConnectionRefusedError):
            client.connect(("127.0.0.1", port))

    def test_several_services(self, python27: Path, sdk: Path, tmp_path: Path) -> None:
        app = write(
            tmp_path / "app",
            {
                "app.yaml": APP_YAML + script(("/.*", "main.app")),
                "worker.yaml": "module: worker\n" + APP_YAML + script(("/.*", "worker.app")),
                "main.py": WSGI_APP,
                "worker.py": WSGI_APP.replace("hello", "work"),
            },
        )
        services = ["app.yaml", "worker.yaml"]
        with DevServer(app, python27=python27, sdk=sdk, services=services) as server:
            assert server.get("/").body == b"hello from /"
            assert server.request("GET", "/", service="worker").body == b"work from /"

    def test_a_refused_app(self, python27: Path, sdk: Path, tmp_path: Path) -> None:
        app = write(tmp_path / "app", {"app.yaml": APP_YAML + script(("/.*", "main.py"))})
        with (
            pytest.raises(StartError, match="threadsafe cannot be enabled with CGI handler"),
            DevServer(app, python27=python27, sdk=sdk),
        ):
            pass
        report = probe_handlers(app, python27=python27, sdk=sdk)
        assert report.probes == ()
        assert "threadsafe cannot be enabled with CGI handler: main.py" in (report.refused or "")

    def test_no_such_service_file(self, python27: Path, sdk: Path, tmp_path: Path) -> None:
        with (
            pytest.raises(StartError, match=r"worker\.yaml does not exist"),
            DevServer(tmp_path, python27=python27, sdk=sdk, services=["worker.yaml"]),
        ):
            pass

    def test_no_such_app(self, python27: Path, sdk: Path, tmp_path: Path) -> None:
        with (
            pytest.raises(StartError, match="can't be copied: .*No such file or directory"),
            DevServer(tmp_path / "nowhere", python27=python27, sdk=sdk),
        ):
            pass

    def test_a_request_that_hangs(self, python27: Path, sdk: Path, tmp_path: Path) -> None:
        app = write(
            tmp_path / "app",
            {
                "app.yaml": APP_YAML + script(("/slow", "slow.app"), ("/.*", "main.app")),
                "main.py": WSGI_APP,
                "slow.py": "import time\n\ndef app(environ, start):\n    time.sleep(60)\n",
            },
        )
        with DevServer(app, python27=python27, sdk=sdk, answer_seconds=3) as server:
            with pytest.raises(NoAnswerError, match="no answer within 3 seconds"):
                server.get("/slow")
            server.restart()
            assert server.get("/").status == 200


class TestTracebacks:
    def test_lines_of_others_in_between(self, tmp_path: Path) -> None:
        write(tmp_path, {"main.py": "import lib\n"})
        log = f"""\
ERROR    2020-01-01 10:00:00,000 cgi.py:122] Traceback (most recent call last):
  File "{tmp_path}/main.py", line 1, in <module>
INFO     2020-01-01 10:00:00,000 module.py:865] default: "GET / HTTP/1.1" 500 -
    import lib

  File "/app/lib.py", line 7, in <module>
    import nowhere
INFO     2020-01-01 10:00:00,000 instance.py:294] Instance PID: 1
ImportError: No module named nowhere
something else
"""
        (found,) = tracebacks(log)
        assert found.exception == "ImportError: No module named nowhere"
        assert [(frame.file, frame.line, frame.source) for frame in found.frames] == [
            (f"{tmp_path}/main.py", 1, "import lib"),
            ("/app/lib.py", 7, "import nowhere"),
        ]
        assert found.is_from_loading(tmp_path / "main.py") is True


class TestProbeHandlers:
    def test_wsgi(self, python27: Path, sdk: Path, tmp_path: Path) -> None:
        names = ["good", "missing_module", "missing_name", "syntax", "raises", "logs", "absent"]
        app = write(
            tmp_path / "app",
            {
                "app.yaml": APP_YAML + script(*((f"/{name}", f"{name}.app") for name in names)),
                "good.py": WSGI_APP,
                "missing_module.py": "import nowhere_to_be_found\n",
                "missing_name.py": "application = None\n",
                "syntax.py": "if 1\n",
                "raises.py": "def app(environ, start):\n    import nowhere_to_be_found\n",
                "logs.py": """\
                    import logging

                    def app(environ, start):
                        try:
                            1 / 0
                        except ZeroDivisionError:
                            logging.exception('caught')
                        start('200 OK', [('Content-Type', 'text/plain')])
                        return ['all is well']
                    """,
            },
        )
        assert verdicts(app, python27, sdk) == {
            "/good": (Verdict.ANSWERS, ""),
            "/missing_module": (
                Verdict.DOES_NOT_LOAD,
                "ImportError: No module named nowhere_to_be_found",
            ),
            "/missing_name": (
                Verdict.DOES_NOT_LOAD,
                "ImportError: <module 'missing_name' from 'missing_name.py'> has no attribute app",
            ),
            "/syntax": (Verdict.DOES_NOT_LOAD, "SyntaxError: invalid syntax"),
            "/raises": (Verdict.FAILS, "ImportError: No module named nowhere_to_be_found"),
            "/logs": (Verdict.FAILS, "ZeroDivisionError: integer division or modulo by zero"),
            "/absent": (Verdict.DOES_NOT_LOAD, "ImportError: No module named absent"),
        }

    def test_a_warm_up_beside_is_not_blamed(self, python27: Path, sdk: Path, tmp_path: Path) -> None:
        app = write(
            tmp_path / "app",
            {
                "app.yaml": APP_YAML
                + script(("/good", "good.app"), ("/.*", "broken.app"))
                + "inbound_services:\n- warmup\n",
                "good.py": WSGI_APP,
                "broken.py": "import time\ntime.sleep(0.5)\nimport nowhere_to_be_found\n",
            },
        )
        report = probe_handlers(app, python27=python27, sdk=sdk, paths=["/good", "/other"])
        assert [probe.verdict for probe in report.probes] == [Verdict.ANSWERS, Verdict.DOES_NOT_LOAD]

    def test_cgi(self, python27: Path, sdk: Path, tmp_path: Path) -> None:
        names = ["good", "import", "main", "guard", "bare", "syntax", "raw", "absent"]
        served = """\
            from google.appengine.ext import webapp
            from google.appengine.ext.webapp.util import run_wsgi_app

            class Page(webapp.RequestHandler):
                def get(self):
                    self.response.out.write('hello')

            def main():
                run_wsgi_app(webapp.WSGIApplication([('/.*', Page)]))

            if __name__ == '__main__':
                main()
            """
        app = write(
            tmp_path / "app",
            {
                "app.yaml": CGI_YAML
                + script(*((f"/{name}", f"scripts/{name}.py") for name in names))
                + "- url: /remote\n  login: admin\n"
                + "  script: $PYTHON_LIB/google/appengine/ext/remote_api/handler.py\n",
                "scripts/good.py": served,
                "scripts/import.py": "import nowhere_to_be_found\n",
                "scripts/main.py": "def main():\n    1 / 0\n\nif __name__ == '__main__':\n  main()\n",
                "scripts/guard.py": "if __name__ == '__main__':\n\n    x = 1\n    1 / 0\n",
                "scripts/bare.py": "def main():\n    1 / 0\n\nmain()\n",
                "scripts/syntax.py": "if 1\n",
                "scripts/raw.py": "print 'Content-Type: text/plain'\nprint\nprint 'hello'\n",
            },
        )
        zero = "ZeroDivisionError: integer division or modulo by zero"
        assert verdicts(app, python27, sdk) == {
            "/good": (Verdict.ANSWERS, ""),
            "/import": (
                Verdict.DOES_NOT_LOAD,
                "ImportError: No module named nowhere_to_be_found",
            ),
            "/main": (Verdict.FAILS, zero),
            "/guard": (Verdict.FAILS, zero),
            "/bare": (Verdict.FAILS, zero),
            "/syntax": (Verdict.DOES_NOT_LOAD, "SyntaxError: invalid syntax"),
            "/raw": (Verdict.ANSWERS, ""),
            "/absent": (Verdict.DOES_NOT_LOAD, "there is no file scripts/absent.py"),
            "/remote": (Verdict.ANSWERS, ""),
        }

    def test_the_same_paths_on_another_state(self, python27: Path, sdk: Path, tmp_path: Path) -> None:
        app = write(
            tmp_path / "app",
            {"app.yaml": APP_YAML + script(("/a.*", "main.app")), "main.py": WSGI_APP},
        )
        report = probe_handlers(app, python27=python27, sdk=sdk, paths=["/abc", "/b"])
        assert [(probe.path, probe.verdict) for probe in report.probes] == [
            ("/abc", Verdict.ANSWERS),
            ("/b", Verdict.NO_HANDLER),
        ]

    def test_a_hanging_handler_does_not_stop_the_rest(
        self, python27: Path, sdk: Path, tmp_path: Path
    ) -> None:
        app = write(
            tmp_path / "app",
            {
                "app.yaml": APP_YAML + script(("/slow", "slow.app"), ("/.*", "main.app")),
                "main.py": WSGI_APP,
                "slow.py": "import time\n\ndef app(environ, start):\n    time.sleep(60)\n",
            },
        )
        report = probe_handlers(app, python27=python27, sdk=sdk, answer_seconds=3)
        assert [probe.verdict for probe in report.probes] == [Verdict.FAILS, Verdict.ANSWERS]
        assert "no answer within 3 seconds" in report.probes[0].reason

    def test_no_app_yaml(self, python27: Path, sdk: Path, tmp_path: Path) -> None:
        report = probe_handlers(tmp_path, python27=python27, sdk=sdk)
        assert report.probes == ()
        assert "app.yaml" in (report.refused or "")
