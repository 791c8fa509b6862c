"""`wsgi-sys-exit`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, cgi27, wsgi

RULE = "wsgi-sys-exit"


@pytest.mark.parametrize(
    "code",
    [
        "import sys\ntry:\n    sys.exit()\nexcept SystemExit:\n    pass\n",
        "import sys\ntry:\n    sys.exit()\nexcept (ValueError, SystemExit), e:\n    pass\n",
        "import sys\ntry:\n    sys.exit()\nexcept:\n    pass\n",
        "import sys\ntry:\n    import x\nexcept ImportError:\n    sys.exit('x is missing')\n",
        "def exit(): pass\nexit()\n",
        "from mylib import quit\nquit()\n",
        "class Game:\n    def quit(self): self.exit()\n",
        "import sys\nhook = sys.exit\n",
        "def main(): pass\nimport sys\nif __name__ == '__main__':\n    sys.exit(main())\n",
        "raise ValueError('SystemExit')\n",
        "try:\n    pass\nexcept SystemExit:\n    raise\n",
        "# sys.exit()\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_tools_are_left_alone() -> None:
    tool = "import sys\ndef main():\n    sys.exit(0)\nmain()\n"
    assert find(RULE, {**cgi("x = 1\n"), "tool.py": tool, "manage.py": tool}) == []


@pytest.mark.parametrize("exit_", ["sys.exit(1)", "sys.exit('no')", "raise SystemExit(2)", "os._exit(3)"])
def test_a_failure_status_in_a_module_is_a_tools(exit_: str) -> None:
    assert find(RULE, cgi("import helper\n", helper=f"import os, sys\ndef fail():\n    {exit_}\n")) == []


@pytest.mark.parametrize(
    "exit_",
    [
        "sys.exit()",
        "sys.exit(0)",
        "leave()",
        "exit()",
        "quit()",
        "os._exit(0)",
        "raise SystemExit",
        "raise SystemExit()",
        "raise SystemExit, 0",
    ],
)
def test_exits_are_errors_as_cgi_and_as_wsgi(exit_: str) -> None:
    code = f"import os, sys\nfrom sys import exit as leave\nclass H:\n    def get(self):\n        {exit_}\n"
    for app in (cgi(code), cgi27(code), wsgi(code)):
        assert [(f.severity, f.place.start.line) for f in find(RULE, app)] == [(Severity.ERROR, 5)]
    (in_module,) = find(RULE, cgi("import views\n", views=code))
    assert (in_module.place.path, in_module.severity) == ("views.py", Severity.WARNING)


def test_a_try_in_another_function_does_not_count() -> None:
    code = "import sys\ntry:\n    def stop():\n        sys.exit()\nexcept SystemExit:\n    pass\n"
    assert len(find(RULE, cgi(code))) == 1


SCRIPT = "import sys\ndef main():\n    print\n\nif __name__ == '__main__':\n    {}\n"


def test_the_exit_at_the_end_of_a_cgi_script_is_taken_away() -> None:
    assert fixed(RULE, cgi(SCRIPT.format("sys.exit(main())")))["main.py"] == SCRIPT.format("main()")


@pytest.mark.parametrize(
    "statement", ["sys.exit()", "sys.exit(1 + main())", "sys.exit(main())\n    print", "x = sys.exit(main())"]
)
def test_other_exits_are_not_patched(statement: str) -> None:
    assert [f.fix for f in find(RULE, cgi(SCRIPT.format(statement)))] == [None]


def test_an_exit_in_the_middle_of_a_script_is_not_patched() -> None:
    code = SCRIPT.format("sys.exit(main())") + "print 'never on 2.5'\n"
    assert [f.fix for f in find(RULE, cgi(code))] == [None]
