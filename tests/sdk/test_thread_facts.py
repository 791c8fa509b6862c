"""What the threads of one process share, and what each has of its own: the facts behind the `threads` rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from gaebot.prove.python27 import ask
from tests.rules.helpers import fixed
from tests.rules.python27.wsgi.scripts import wsgi

# Python 2 code. Each part of its input is a program that says what is `here`; it prints that, as another
# thread sees it, or the error's name.
PROGRAM = r"""
import sys, threading
sdk = sys.argv[1]
sys.path[:0] = [sdk, sdk + '/lib/django-1.2']
def elsewhere(function):
    answers = []
    def run():
        try:
            answers.append(function())
        except Exception, error:
            answers.append(type(error).__name__)
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return answers[0]
for program in sys.stdin.read().split('\0'):
    scope = {'elsewhere': elsewhere}
    try:
        exec program in scope
        print elsewhere(scope['here'])
    except Exception, error:
        print type(error).__name__
    sys.stdout.flush()
"""


def says(python27: Path, sdk: Path, program: str) -> str | None:
    """What another thread sees."""
    return ask(python27, PROGRAM, [str(sdk)], [program.encode()])[0]


@pytest.mark.parametrize(
    ("program", "answer"),
    [
        ("import socket\nsocket.setdefaulttimeout(3)\nhere = socket.getdefaulttimeout", "3.0"),
        ("import sys\nsys.setcheckinterval(55)\nhere = sys.getcheckinterval", "55"),
        ("import csv\ncsv.register_dialect('a', delimiter=';')\nhere = csv.list_dialects", "['a', "),
        ("import warnings\nwarnings.simplefilter('error')\nhere = lambda: warnings.filters[0][0]", "error"),
        ("import logging\nlogging.disable(10)\nhere = lambda: logging.root.manager.disable", "10"),
        ("import random\nrandom.seed(1)\na = random.random()\nrandom.seed(1)\nhere = lambda: a == random.random()",
         "True"),
        ("from django.conf import settings\nsettings.configure()\nsettings.X = 1\nhere = lambda: settings.X", "1"),
    ],
)  # fmt: skip
def test_what_belongs_to_the_process(python27: Path, sdk: Path, program: str, answer: str) -> None:
    assert (says(python27, sdk, program) or "").startswith(answer)


@pytest.mark.parametrize(
    ("program", "answer"),
    [
        ("import sys\nsys.setprofile(lambda *a: None)\nhere = sys.getprofile", "None"),
        ("import sys\nsys.settrace(lambda *a: None)\nhere = sys.gettrace", "None"),
        ("import decimal\ndecimal.getcontext().prec = 5\nhere = lambda: decimal.getcontext().prec", "28"),
        ("import threading\nx = threading.local()\nx.y = 1\nhere = lambda: x.y", "AttributeError"),
        (
            "from google.appengine.api import urlfetch\nurlfetch.set_default_fetch_deadline(9)\n"
            "here = urlfetch.get_default_fetch_deadline",
            "None",
        ),
    ],
)
def test_what_belongs_to_one_thread(python27: Path, sdk: Path, program: str, answer: str) -> None:
    assert says(python27, sdk, program) == answer


def test_django_can_be_configured_once(python27: Path, sdk: Path) -> None:
    program = "from django.conf import settings\nsettings.configure()\nhere = settings.configure"
    assert says(python27, sdk, program) == "RuntimeError"


def test_reload_of_sys_puts_its_files_back(python27: Path, sdk: Path) -> None:
    program = "import sys, StringIO\nbefore = sys.stdin\nsys.stdin = StringIO.StringIO()\nreload(sys)\n"
    assert says(python27, sdk, f"{program}here = lambda: sys.stdin is before") == "True"


def test_a_generator_serves_one_thread_at_a_time(python27: Path, sdk: Path) -> None:
    program = "def numbers():\n    yield elsewhere(lambda: x.next())\nx = numbers()\nhere = x.next"
    assert says(python27, sdk, program) == "ValueError"


def test_strptime_fails_in_a_thread_while_modules_are_loaded(python27: Path, sdk: Path) -> None:
    program = """
import imp, time
imp.acquire_lock()
try:
    told = elsewhere(lambda: time.strptime('1', '%d'))
finally:
    imp.release_lock()
here = lambda: told
"""
    assert says(python27, sdk, program) == "ImportError"


def test_a_node_is_one_object_for_all_who_render_it(python27: Path, sdk: Path) -> None:
    program = """
from django.conf import settings
settings.configure()
from django import template
class Tag(template.Node):
    def render(self, context):
        self.user = context['user']
        if self.user == 'first':
            elsewhere(lambda: page.render(template.Context({'user': 'second'})))
        return self.user
library = template.Library()
library.tag('tag', lambda parser, token: Tag())
template.builtins.append(library)
page = template.Template('{% tag %}')
here = lambda: page.render(template.Context({'user': 'first'}))
"""
    assert says(python27, sdk, program) == "second"


HANDLER = """
class Main(webapp2.RequestHandler):
    def get(self):
        return {value}
app = webapp2.WSGIApplication([('/', Main)])
"""


@pytest.mark.parametrize(
    ("rule", "code", "value", "before", "after"),
    [
        (
            "ts-threadlocal-import",
            "import threading\nstate = threading.local()\nstate.n = 3\n",
            "state.n",
            "AttributeError",
            "3",
        ),
        (
            "ts-threadlocal-import",
            "import threading\nstate = threading.local()\nstate.seen = {}\n",
            "state.seen.keys()",
            "AttributeError",
            "[]",
        ),
        ("ts-decimal-context", "import decimal\ndecimal.getcontext().prec = 3\n", "decimal.Decimal(1) / 3",
         "0." + 28 * "3", "0.333"),
    ],
)  # fmt: skip
def test_the_fixes_reach_the_other_threads(  # noqa: PLR0917 - two judges and a table of five columns
    python27: Path, sdk: Path, rule: str, code: str, value: str, before: str, after: str
) -> None:
    written = "import webapp2\n" + code + HANDLER.format(value=value)
    mended = str(fixed(rule, wsgi(written))["main.py"])
    for source, answer in ((written, before), (mended, after)):
        module = source.partition("class Main")[0].replace("import webapp2\n", "")
        assert says(python27, sdk, f"{module}\nhere = lambda: {value}") == answer
