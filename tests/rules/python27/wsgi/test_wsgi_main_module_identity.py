"""`wsgi-main-module-identity`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "wsgi-main-module-identity"


@pytest.mark.parametrize(
    "code",
    [
        "def main(): pass\nif __name__ == '__main__':\n    main()\n",
        "import sys\nsys.modules['main']\n",
        "modules = {}\nmodules['__main__']\n",
        "# import __main__\nx = '__main__'\n",
        "x.__module__ == 'main'\n",
        "from google.appengine.ext import deferred\nimport jobs\ndeferred.defer(jobs.run)\n",
        "from google.appengine.ext import deferred\nfrom jobs import run\ndeferred.defer(run, 1)\n",
        "from google.appengine.ext import deferred\ndeferred.defer()\n",
        "def defer(f): pass\ndef job(): pass\ndefer(job)\n",
        "if __name__ == '__main__':\n    pass\nelse:\n    x = 1\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, cgi(code)) == []
    assert find(RULE, wsgi(code)) == []


def test_tools_are_left_alone() -> None:
    assert find(RULE, {**cgi("x = 1\n"), "tool.py": "import __main__\n"}) == []


@pytest.mark.parametrize(
    "code",
    [
        "import __main__\n",
        "import __main__ as top\n",
        "from __main__ import Page\n",
        "import sys\nsys.modules['__main__'].app\n",
        "def f(cls):\n    return cls.__module__ == '__main__'\n",
        "def f(cls):\n    if '__main__' != cls.__module__: pass\n",
    ],
)
def test_uses_of_main(code: str) -> None:
    (as_cgi,) = find(RULE, cgi("import views\n", views=code))
    assert (as_cgi.place.path, as_cgi.severity) == ("views.py", Severity.WARNING)
    assert "only while it runs as a CGI script" in as_cgi.message
    (as_wsgi,) = find(RULE, wsgi("import views\n", views=code))
    assert (as_wsgi.place.path, as_wsgi.severity) == ("views.py", Severity.ERROR)
    assert "Import `main` by its name" in as_wsgi.message


DEFER = "from google.appengine.ext.deferred import defer as later\ndef job(): pass\nlater(job, 1)\n"


def test_deferred_functions_of_a_cgi_script() -> None:
    (finding,) = find(RULE, cgi(DEFER))
    assert (finding.place.start.line, finding.severity) == (3, Severity.WARNING)
    assert "`__main__.job`" in finding.message


def test_deferred_functions_elsewhere_are_fine() -> None:
    assert find(RULE, wsgi(DEFER)) == []
    assert find(RULE, cgi("import jobs\n", jobs=DEFER)) == []
