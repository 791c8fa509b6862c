"""`lib-django-settings-env`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "lib-django-settings-env"
HEAD = "import os\nimport django.core.handlers.wsgi\n"
SET = "os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'\n"
ENTRY = "\nenv_variables:\n  DJANGO_SETTINGS_MODULE: 'settings'\n"


def with_variables(lines: str, main: str = HEAD + SET) -> dict[str, str | bytes]:
    files = wsgi(main)
    return {**files, "app.yaml": f"{files['app.yaml']!s}{lines}"}


@pytest.mark.parametrize(
    "code",
    [
        "os.environ['OTHER'] = 'settings'",
        "x = os.environ['DJANGO_SETTINGS_MODULE']",
        "x = os.environ.get('DJANGO_SETTINGS_MODULE', 'settings')",
        "environ = {}\nenviron['DJANGO_SETTINGS_MODULE'] = 'settings'",
        "# os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'",
        "del os.environ['DJANGO_SETTINGS_MODULE']",
        "def view(request):\n    os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'",
        "def view(request):\n    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')\nroutes = [view]",
        "class View(object):\n    def get(self):\n        os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'",
        "if __name__ == '__main__':\n    os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'",
        "def boot():\n    os.environ['DJANGO_SETTINGS_MODULE'] = 'x'\nif __name__ == '__main__':\n    boot()",
        "os.environ.update(settings)",
        "name = 'DJANGO_SETTINGS_MODULE'",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(f"{HEAD}{code}\n")) == []


@pytest.mark.parametrize(
    "imports",
    [
        "import os\nfrom google.appengine.ext.webapp import template\n",
        "import os\nfrom django.utils import simplejson\n",
        "import os\n# import django\n",
        "import os\nif __name__ == '__main__':\n    import django\n",
    ],
)
def test_an_app_that_does_without_django_is_left_alone(imports: str) -> None:
    assert find(RULE, wsgi(imports + SET)) == []


def test_app_yaml_may_set_it_already() -> None:
    assert find(RULE, with_variables("env_variables:\n  DJANGO_SETTINGS_MODULE: other\n")) == []
    assert find(RULE, with_variables("env_variables: {DJANGO_SETTINGS_MODULE: settings}\n")) == []


def test_tools_are_left_alone() -> None:
    assert find(RULE, {**wsgi(HEAD), "manage.py": HEAD + SET}) == []


def test_an_app_of_another_language_is_left_alone() -> None:
    assert find(RULE, {"app.yaml": "runtime: go\nhandlers: []\n", "main.py": HEAD + SET}) == []


@pytest.mark.parametrize(
    "code",
    [
        SET,
        'os.environ["DJANGO_SETTINGS_MODULE"] = "settings"\n',
        "os.environ[u'DJANGO_SETTINGS_MODULE'] = 'settings'\n",
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')\n",
        "os.putenv('DJANGO_SETTINGS_MODULE', 'settings')\n",
        "os.environ.update({'A': 'b', 'DJANGO_SETTINGS_MODULE': 'settings'})\n",
        "os.environ.update(DJANGO_SETTINGS_MODULE='settings')\n",
        "from os import environ\nenviron['DJANGO_SETTINGS_MODULE'] = 'settings'\n",
        "import os as o\no.environ['DJANGO_SETTINGS_MODULE'] = 'settings'\n",
        "x = os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'\n",
        "os.environ['DJANGO_SETTINGS_MODULE'] = x = 'settings'\n",
        "if 'DJANGO_SETTINGS_MODULE' not in os.environ: os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'\n",
        "try:\n\tos.environ['DJANGO_SETTINGS_MODULE'] = 'settings'\nfinally:\n\tpass\n",
        "def boot():\n    os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'\nboot()\n",
    ],
)
def test_app_yaml_sets_it(code: str) -> None:
    before = wsgi(HEAD + code)
    after = fixed(RULE, before, unsafe=False)
    assert after["app.yaml"] == f"{before['app.yaml']!s}{ENTRY}"
    assert after["main.py"] == before["main.py"]


def test_works_on_the_old_runtime_too() -> None:
    for code in (SET, "def main():\n    os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'\n"):
        main = f"{HEAD}{code}if __name__ == '__main__':\n    main()\n"
        (finding,) = find(RULE, cgi(main))
        assert finding.severity is Severity.WARNING
        assert fixed(RULE, cgi(main))["app.yaml"].endswith(ENTRY)


def test_joins_the_other_variables() -> None:
    after = fixed(RULE, with_variables("env_variables:\n  A: b\n"))["app.yaml"]
    assert after.endswith("env_variables:\n  A: b\n  DJANGO_SETTINGS_MODULE: 'settings'\n")


def test_a_module_and_appengine_config_count() -> None:
    for name in ("appengine_config", "boot"):
        (finding,) = find(RULE, wsgi(f"import boot\n{HEAD}", **{name: f"import os\n{SET}"}))
        assert finding.place.path == f"{name}.py"


def test_is_told_once() -> None:
    (finding,) = find(RULE, wsgi(f"import boot\n{HEAD}{SET}", boot=f"import os\n{SET}"))
    assert len(finding.related) == 1
    assert finding.fix is not None


@pytest.mark.parametrize(
    "code",
    [
        "os.environ['DJANGO_SETTINGS_MODULE'] = name + '.settings'\n",
        "os.environ['DJANGO_SETTINGS_MODULE'] = settings\n",
        f"{SET}os.environ['DJANGO_SETTINGS_MODULE'] = 'other'\n",
    ],
)
def test_other_values_are_only_told(code: str) -> None:
    (finding,) = find(RULE, wsgi(HEAD + code))
    assert finding.fix is None


def test_every_service_gets_it() -> None:
    files = wsgi(HEAD + SET)
    files["worker.yaml"] = "module: worker\n" + str(files["app.yaml"])
    after = fixed(RULE, files)
    assert after["app.yaml"].endswith(ENTRY)
    assert after["worker.yaml"].endswith(ENTRY)
