"""The switch: one plan per service, all of its CGI scripts or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from gaebot.app import App
from gaebot.disk import read_app
from gaebot.engine import fix
from gaebot.rule import discover
from gaebot.rules.python27.shared.config.sdk_scripts import WSGI_NAMES
from gaebot.rules.python27.shared.conversion.switch import Switch, switches
from tests.rules.helpers import make_app
from tests.rules.python27.scripts import APP, GUARD, IMPORTS, KEPT

APPS = Path(__file__).parents[3] / "apps"

GLOBAL = f"{IMPORTS}app = {APP}\n\ndef main():\n    run_wsgi_app(app)\n{GUARD}"
LOCAL = f"{IMPORTS}def main():\n    application = {APP}\n    run_wsgi_app(application)\n{GUARD}"
RAW = "print 'Content-Type: text/plain'\nprint\n"


def service(*scripts: str, runtime: str = "python", more: str = "") -> str:
    handlers = "".join(f"- url: /{number}\n  script: {script}\n" for number, script in enumerate(scripts))
    return f"runtime: {runtime}\napi_version: 1\n{more}handlers:\n{handlers}"


def plans(files: dict[str, str | bytes]) -> dict[str, Switch]:
    return {switch.service.path: switch for switch in switches(make_app(files))}


def plan(files: dict[str, str | bytes]) -> Switch:
    return plans(files)["app.yaml"]


def reasons(files: dict[str, str | bytes]) -> list[str]:
    return [target.blocked.reason for target in plan(files).targets if target.blocked]


def done(files: dict[str, str | bytes]) -> dict[str, str]:
    """The files once the fixes of all services are made; equal edits count once."""
    app = make_app(files)
    fixes = [switch.fix for switch in switches(app) if switch.fix is not None]
    edits = [edit for fix in fixes for edit in fix.edits]
    changed = {
        path: source.apply(edit for edit in edits if edit.path == path) for path, source in app.files.items()
    }
    created = {new.path: new.data for fix in fixes for new in fix.new_files}
    return {path: source.data.decode() for path, source in App({**changed, **created}).files.items()}


def blocked(code: str, files: dict[str, str | bytes]) -> list[str]:
    """What is in the way of a script with a handler `Main`, up to the first comma."""
    main = f"{IMPORTS}{code}app = webapp.WSGIApplication([('/', Main)])\ndef main():\n  run_wsgi_app(app)\n{GUARD}"
    found = reasons({"app.yaml": service("main.py"), "main.py": main, **files})
    return [reason.partition(",")[0] for reason in found]


WORK = "its `main()` does more than run the application"


@pytest.mark.parametrize(
    ("statement", "is_lost"),
    [
        ("logging.info('started')", False),
        ("logging.getLogger('x').setLevel(logging.INFO)", False),
        ("if os.environ['SERVER_SOFTWARE'].startswith('Dev'):\n        ereporter.register_logger()", False),
        ("add_paths()", False),
        ("init_openid()", True),
        ("x = init_openid()", True),
        ("core.register(app)", True),
        ("if DEBUG:\n        plugins.load()", True),
    ],
)
def test_work_of_main_that_would_be_lost_is_in_the_way(statement: str, *, is_lost: bool) -> None:
    code = (
        f"{IMPORTS}import core, logging, os, plugins\nfrom google.appengine.ext import ereporter\nDEBUG = 1\n"
    )
    code += f"def add_paths(): pass\nadd_paths()\napp = {APP}\n\ndef init_openid(): pass\n"
    code += f"def main():\n    {statement}\n    run_wsgi_app(app)\n{GUARD}"
    found = reasons({"app.yaml": service("main.py"), "main.py": code, "core.py": "", "plugins.py": ""})
    assert [reason.partition(",")[0] for reason in found] == [WORK] * is_lost


@pytest.mark.parametrize(
    ("code", "is_in_the_way"),
    [
        ("import cgi\nclass Main(webapp.RequestHandler):\n  def post(self): cgi.FieldStorage()\n", True),
        ("import forms\nclass Main(webapp.RequestHandler):\n  def post(self): forms.posted()\n", True),
        (
            "import forms\nclass Main(webapp.RequestHandler):\n  def post(self): forms.told(self.request.body)\n",
            False,
        ),
        ("import cgi\nclass Main(webapp.RequestHandler):\n  def post(self): cgi.escape('')\n", False),
    ],
)
def test_a_form_that_is_read_from_standard_input_is_in_the_way(code: str, *, is_in_the_way: bool) -> None:
    forms = "import cgi\ndef posted(): return cgi.FieldStorage()\n"
    forms += "def told(body): return cgi.FieldStorage(fp=body)\n"
    assert (
        blocked(code, {"forms.py": forms})
        == ["it reads a form that was posted from standard input"] * is_in_the_way
    )


@pytest.mark.parametrize(
    ("code", "is_in_the_way"),
    [
        ("class Main(webapp.RequestHandler):\n  def get(self): print 'Content-Type: text/xml'\n", True),
        ("import sessions\nclass Main(webapp.RequestHandler):\n  def get(self): sessions.start()\n", True),
        ("class Main(webapp.RequestHandler):\n  def get(self): print 'got it'\n", False),
        ("import sessions\nclass Main(webapp.RequestHandler):\n  def get(self): sessions.told()\n", False),
        ("def tool(): print '<html>'\nclass Main(webapp.RequestHandler):\n  def get(self): pass\n", False),
    ],
)
def test_an_answer_on_standard_output_is_in_the_way(code: str, *, is_in_the_way: bool) -> None:
    sessions = "import Cookie\ndef start():\n  cookie = Cookie.SimpleCookie()\n  print cookie\n"
    sessions += "def told(): pass\n"
    assert (
        blocked(code, {"sessions.py": sessions})
        == ["it writes of its answer to standard output"] * is_in_the_way
    )


# -- left alone ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "yaml",
    [
        "runtime: go\nhandlers:\n- url: /\n  script: main.py\n",
        "runtime: python\nenv: flex\nhandlers:\n- url: /\n  script: main.py\n",
        "runtime: python3\nentrypoint: main.py\n",
        "handlers:\n- url: /\n  script: main.py\n",
        "[",
        "",
    ],
)
def test_services_that_are_none_of_ours(yaml: str) -> None:
    assert plans({"app.yaml": yaml, "main.py": GLOBAL}) == {}


def test_a_service_that_is_done() -> None:
    files = {
        "app.yaml": service("main.app", runtime="python27", more="threadsafe: true\n"),
        "main.py": f"{KEPT}app = {APP}\n",
    }
    assert plan(files).fix is None
    assert plan(files).targets == ()


@pytest.mark.parametrize(
    ("script", "others", "reason"),
    [
        ("gone.py", {}, "the file does not exist"),
        ("../main.py", {}, "outside the app"),
        ("raw.py", {"raw.py": RAW}, "prints its answer"),
        (r"\1.py", {}, "takes the name of the file from the URL"),
        ("v1.2/main.py", {"v1.2/main.py": GLOBAL}, "a dot in its name"),
        ("site.py", {"site.py": GLOBAL}, "belongs to Python or to App Engine"),
        ("email/main.py", {"email/main.py": GLOBAL}, "belongs to Python or to App Engine"),
        ("main.py", {"main/__init__.py": ""}, "a package of the same name hides it"),
        (
            "admin/main.py",
            {"admin/main.py": GLOBAL, "admin.py": ""},
            "admin.py could not be imported any more",
        ),
        (
            "admin/main.py",
            {"admin/main.py": f"import models\n{GLOBAL}", "admin/models.py": "", "models.py": ""},
            "its `import models` would load another file",
        ),
        (
            "main.py",
            {"main.py": f"import pages\n{LOCAL}", "pages.py": "from main import Base\n"},
            "before that is defined",
        ),
        ("$PYTHON_LIB/google/appengine/ext/mapreduce/main.py", {}, "no longer holds mapreduce"),
        ("$PYTHON_LIB/google/appengine/ext/other/main.py", {}, "knows no WSGI name"),
    ],
)
def test_one_script_that_can_not_holds_all_back(
    script: str, others: dict[str, str | bytes], reason: str
) -> None:
    files = {"main.py": GLOBAL, "app.yaml": service("main.py", script), **others}
    (found,) = set(reasons(files))
    assert reason in found
    after = done(files)
    assert after["app.yaml"] == service("main.py", script, runtime="python27").replace(
        "api_version: 1\n", "api_version: 1\nthreadsafe: false\n"
    )
    assert {path: text for path, text in after.items() if path.endswith(".py")} == {
        path: text for path, text in files.items() if path.endswith(".py")
    }


def test_what_is_not_uploaded() -> None:
    app = App({"app.yaml": service("main.py").encode()}, skipped=["main.py"])
    (target,) = switches(app)[0].targets
    assert target.blocked is not None
    assert "skip_files" in target.blocked.reason


def test_vendored_and_linked_scripts_are_not_edited() -> None:
    yaml = service("lib/tool.py").encode()
    data = {"app.yaml": yaml, "lib/tool.py": LOCAL.encode(), "lib/__init__.py": b""}
    (target,) = switches(App(data, vendored={"lib": "tool"}))[0].targets
    assert target.blocked is not None
    assert "third-party" in target.blocked.reason
    (target,) = switches(App({**data, "lib/tool.py": GLOBAL.encode()}, vendored={"lib": "tool"}))[0].targets
    assert (target.wsgi_name, target.conversion and target.conversion.finish) == ("lib.tool.app", ())
    (target,) = switches(App(data, read_only=["lib/tool.py"]))[0].targets
    assert target.blocked is not None
    assert "symbolic link" in target.blocked.reason


@pytest.mark.parametrize(
    ("yaml", "reason"),
    [
        ("runtime: python\nhandlers:\n- &a\n  url: /\n  script: main.py\n- *a\n", "YAML aliases"),
        ("runtime: python\nhandlers:\n- url: /\n  script: >\n    main.py\n", "block scalar"),
    ],
)
def test_yaml_that_is_not_edited(yaml: str, reason: str) -> None:
    assert reason in reasons({"app.yaml": yaml, "main.py": GLOBAL})[0]


# -- what waits ------------------------------------------------------------------------------


def test_the_switch_waits_for_handlers_that_can_be_written_out() -> None:
    files: dict[str, str | bytes] = {
        "app.yaml": "runtime: python\nhandlers:\n- url: /(home)\n  script: \\1.py\n",
        "home.py": GLOBAL,
    }
    assert plan(files).waits_for
    assert plan(files).fix is None
    assert not plan({**files, "home.py": "import models\n"}).waits_for
    assert not plan(
        {**files, "app.yaml": "runtime: python\nhandlers:\n- url: /(home)\n  script: \\1.app\n"}
    ).waits_for


def test_services_that_share_its_file_wait_too() -> None:
    pages = "handlers:\n- url: /(home)\n  script: \\1.py\n- url: /\n  script: home.py\n"
    other = (
        "runtime: python\nservice: other\nincludes:\n- pages.yaml\nhandlers:\n- url: /x\n  script: home.py\n"
    )
    found = plans(
        {
            "app.yaml": "runtime: python\nincludes:\n- pages.yaml\nhandlers:\n- url: /y\n  script: home.py\n",
            "other.yaml": other,
            "alone.yaml": "runtime: python\nservice: alone\nhandlers:\n- url: /\n  script: home.py\n",
            "pages.yaml": pages,
            "home.py": GLOBAL,
        }
    )
    assert {path: bool(switch.waits_for) for path, switch in found.items()} == {
        "app.yaml": True,
        "other.yaml": True,
        "alone.yaml": False,
    }


@pytest.mark.parametrize(("name", "path"), [("templated", "app.yaml.example"), ("patterns", "app.yaml")])
def test_apps_with_such_handlers_come_out_threadsafe(name: str, path: str) -> None:
    app = read_app(str(APPS / name))
    result = fix(app, discover("python27"), unsafe=True)
    text = result.app.files[path].data.decode()
    assert "threadsafe: true\n" in text
    assert ".py\n" not in text


# -- what it does ----------------------------------------------------------------------------


def test_all_of_a_service_in_one_fix() -> None:
    files: dict[str, str | bytes] = {
        "app.yaml": service("main.py", "admin/main.py", "main.py"),
        "main.py": GLOBAL,
        "admin/main.py": LOCAL,
    }
    switch = plan(files)
    assert switch.converts
    assert switch.fix is not None
    assert "2 scripts become WSGI" in switch.fix.title
    assert done(files) == {
        "app.yaml": service("main.app", "admin.main.application", "main.app", runtime="python27").replace(
            "api_version: 1\n", "api_version: 1\nthreadsafe: true\n"
        ),
        "main.py": f"{KEPT}app = {APP}\n",
        "admin/main.py": f"{KEPT}application = {APP}\n",
        "admin/__init__.py": "",
    }


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        (
            "runtime: 'python'\nhandlers:\n- {url: /, script: \"main.py\"}\n",
            "runtime: 'python27'\nthreadsafe: true\nhandlers:\n- {url: /, script: \"main.app\"}\n",
        ),
        (
            "{runtime: python, api_version: 1, handlers: [{url: /, script: main.py}]}\n",
            "{runtime: python27, api_version: 1, threadsafe: true, handlers: [{url: /, script: main.app}]}\n",
        ),
        (
            "runtime: python  # old\nhandlers:\n- script: ./main.py  # all\n  url: /\n",
            "runtime: python27  # old\nthreadsafe: true\nhandlers:\n- script: main.app  # all\n  url: /\n",
        ),
        (
            "runtime: python\nthreadsafe:\nhandlers:\n- url: /\n  script: main.py \n",
            "runtime: python27\nthreadsafe: true\nhandlers:\n- url: /\n  script: main.app \n",
        ),
        (
            "runtime: python\nthreadsafe: ~\nhandlers:\n- url: /\n  script: main.py",
            "runtime: python27\nthreadsafe: true\nhandlers:\n- url: /\n  script: main.app",
        ),
        (
            "runtime: python\nthreadsafe: false\nhandlers:\n- url: /\n  script: main.py\n",
            "runtime: python27\nthreadsafe: false\nhandlers:\n- url: /\n  script: main.app\n",
        ),
        (
            "runtime: python27\nthreadsafe: yes\nhandlers:\n- url: /\n  script: main.py\n",
            "runtime: python27\nthreadsafe: yes\nhandlers:\n- url: /\n  script: main.app\n",
        ),
        (
            "runtime: python\r\nhandlers:\r\n- url: /\r\n  script: main.py\r\n",
            "runtime: python27\r\nthreadsafe: true\r\nhandlers:\r\n- url: /\r\n  script: main.app\r\n",
        ),
    ],
)
def test_yaml_keeps_its_spelling(yaml: str, expected: str) -> None:
    after = done({"app.yaml": yaml.encode(), "main.py": GLOBAL})
    assert after["app.yaml"] == expected


def test_a_service_without_scripts() -> None:
    yaml = "runtime: python\napi_version: 1\nhandlers:\n- url: /\n  static_dir: www\n"
    assert "threadsafe: true\n" in done({"app.yaml": yaml})["app.yaml"]


@pytest.mark.parametrize("path", sorted(WSGI_NAMES))
def test_scripts_of_the_sdk(path: str) -> None:
    after = done({"app.yaml": service(f"$PYTHON_LIB/{path}")})
    assert f"  script: {WSGI_NAMES[path]}\n" in after["app.yaml"]


def test_zipserve_gets_one_module_for_all_services() -> None:
    zipserve = "$PYTHON_LIB/google/appengine/ext/zipserve"
    files: dict[str, str | bytes] = {"app.yaml": service(zipserve), "app.yaml.example": service(zipserve)}
    after = done(files)
    assert sorted(after) == ["app.yaml", "app.yaml.example", "zipserve_app.py"]
    assert after["app.yaml"] == after["app.yaml.example"]
    again = done({**files, "zipserve_app.py": after["zipserve_app.py"]})
    assert again == after
    assert "script: zipserve_wsgi.app" in done({**files, "zipserve_app.py": "other = 1\n"})["app.yaml"]


def test_a_script_of_two_services_stays_cgi_for_the_one_that_is_blocked() -> None:
    files: dict[str, str | bytes] = {
        "app.yaml": service("main.py"),
        "old.yaml": service("main.py", "raw.py").replace("runtime", "service: old\nruntime"),
        "main.py": LOCAL,
        "raw.py": RAW,
    }
    after = done(files)
    assert "script: main.application\n" in after["app.yaml"]
    assert "script: main.py\n" in after["old.yaml"]
    assert "threadsafe: false\n" in after["old.yaml"]
    assert after["main.py"] == (
        f"{IMPORTS}application = {APP}\n\n\ndef main():\n    run_wsgi_app(application)\n{GUARD}"
    )


def test_services_that_share_an_included_file_go_together() -> None:
    files: dict[str, str | bytes] = {
        "app.yaml": "runtime: python\nincludes: [more.yaml]\nhandlers:\n- url: /\n  script: main.py\n",
        "old.yaml": (
            "runtime: python\nservice: old\nincludes: [more.yaml]\nhandlers:\n- url: /\n  script: raw.py\n"
        ),
        "more.yaml": "handlers:\n- url: /more\n  script: main.py\n",
        "main.py": GLOBAL,
        "raw.py": RAW,
    }
    after = done(files)
    assert after["more.yaml"] == files["more.yaml"]
    assert "threadsafe: false\n" in after["app.yaml"]
    assert after["main.py"] == GLOBAL
    files["raw.py"] = GLOBAL
    assert done(files)["more.yaml"] == "handlers:\n- url: /more\n  script: main.app\n"


def test_a_template_beside_app_yaml() -> None:
    files: dict[str, str | bytes] = {
        "app.yaml": service("main.py"),
        "app.yaml.example": service("main.py"),
        "main.py": GLOBAL,
    }
    after = done(files)
    assert after["app.yaml"] == after["app.yaml.example"]
    assert "script: main.app\n" in after["app.yaml"]


def test_backends_and_api_config() -> None:
    more = (
        "api_config:\n  url: /_ah/spi/.*\n  script: api.py\nbackends:\n- name: worker\n  start: worker.py\n"
    )
    files: dict[str, str | bytes] = {
        "app.yaml": service("main.py", more=more),
        "main.py": GLOBAL,
        "api.py": GLOBAL,
        "worker.py": GLOBAL,
    }
    after = done(files)["app.yaml"]
    assert "  script: api.app\n" in after
    assert "  start: worker.app\n" in after


def test_the_whole_fix_run_twice_changes_nothing() -> None:
    files: dict[str, str | bytes] = {
        "app.yaml": (
            "runtime: python\nhandlers:\n- url: /\n  script: a/main.py\n- url: /(b)\n  script: \\1.py\n"
        ),
        "a/main.py": LOCAL,
        "b.py": GLOBAL,
    }
    rules = discover("python27")
    result = fix(make_app(files), rules, unsafe=True)
    assert not result.report.failures
    assert "threadsafe: true" in result.app.files["app.yaml"].data.decode()
    assert fix(result.app, rules, unsafe=True).changes == ()
