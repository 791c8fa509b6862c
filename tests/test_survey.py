"""What an app consists of: services, handlers, modules."""

from textwrap import dedent

from gaebot.app import App
from gaebot.report import Report
from gaebot.survey import survey

APP = """\
application: shop
runtime: python
handlers:
- url: /static
  static_dir: static
- url: /admin/.*
  script: admin/main.py
- url: /remote
  script: $PYTHON_LIB/google/appengine/ext/remote_api/handler.py
- url: /(.*)\\.do
  script: \\1.py
- url: /.*
  script: main.app
"""
FILES = {
    "app.yaml": APP,
    "admin/__init__.py": "",
    "admin/main.py": "import forms\nimport models\nimport admin.main\n",
    "admin/forms.py": "from google.appengine.ext import db\n",
    "main.py": "from models import Thing\nimport lib.feed\nimport os, sys\n",
    "models.py": "import main\n",
    "alone.py": "import models\n",
    "lib/__init__.py": "",
    "lib/feed.py": "import models\n",
}


def app(files=FILES, **named):
    return App({path: dedent(text).encode() for path, text in files.items()}, **named)


def test_an_app_without_services_has_no_structure():
    assert survey(app({"main.py": "import os\n"})).services == ()


def test_what_is_broken_has_no_handlers():
    for text in ("", "- a\n", "handlers: {url: /}\n", "handlers: [a, {script: [b]}, {script: ' '}]\n"):
        (service,) = survey(app({"app.yaml": text})).services
        assert service.handlers == ()


def test_third_party_code_is_left_out():
    found = survey(app(vendored={"lib": "lib"}))
    assert not any("lib/" in path for pair in found.imports for path in pair)


def test_templates_are_left_out_beside_a_real_service():
    assert [service.path for service in survey(app({**FILES, "app.yaml.example": APP})).services] == [
        "app.yaml"
    ]
    (only,) = survey(app({"app.yaml.example": APP})).services
    assert only.path == "app.yaml.example"


def test_handlers_lead_to_modules():
    (service,) = survey(app()).services
    assert service.static == 1
    assert [(handler.url, handler.module_path) for handler in service.handlers] == [
        ("/admin/.*", "admin/main.py"),
        ("/remote", ""),
        ("/(.*)\\.do", ""),
        ("/.*", "main.py"),
    ]
    assert service.handlers[0].script == "admin/main.py"
    assert service.handlers[3].place.snippet.startswith(b"url: /.*\n  script: main.app")


def test_imports_are_followed_from_the_handlers():
    assert survey(app()).imports == (
        ("admin/main.py", "admin/forms.py"),
        ("admin/main.py", "models.py"),
        ("main.py", "models.py"),
        ("main.py", "lib/feed.py"),
        ("models.py", "main.py"),
        ("lib/feed.py", "models.py"),
    )


def test_a_report_tells_its_structure_which_app_it_is_of():
    one = Report(structure=(survey(app()),)).for_app("shop")
    both = Report.merge([one, Report(structure=(survey(app()),)).for_app("blog")])
    assert [structure.app for structure in both.structure] == ["shop", "blog"]
    assert both.structure[0].in_app("main.py") == "shop/main.py"


def test_a_backend_is_started_by_a_url():
    backends = "backends:\n- name: cruncher\n  start: main.py\n"
    (service,) = survey(app({**FILES, "backends.yaml": backends})).services
    assert (service.handlers[-1].url, service.handlers[-1].module_path) == ("/_ah/start", "main.py")
