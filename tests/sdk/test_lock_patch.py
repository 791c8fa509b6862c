"""Races of threads in Python 2.7: they are lost before a lock is added, and are over afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from gaebot.prove.python27 import ask
from tests.rules.python27.shared.lock_samples import NEW, OLD, RACES, Race

# Python 2 code. Each question is a module; eight threads call its `get()` at once, then `count()` is asked.
RUN = r"""
import sys, threading, traceback
for question in sys.stdin.read().split('\0'):
    module = {'__name__': 'main'}
    out, errors = sys.stdout, []
    sys.stdout = sys.stderr
    try:
        exec compile(question, 'main.py', 'exec', 0, True) in module
        gate = threading.Event()
        def run():
            gate.wait()
            try:
                module['get']()
            except Exception:
                errors.append(traceback.format_exc())
        threads = [threading.Thread(target=run) for _ in range(8)]
        for thread in threads:
            thread.setDaemon(True)
            thread.start()
        gate.set()
        for thread in threads:
            thread.join(10)
        if [thread for thread in threads if thread.isAlive()]:
            answer = 'deadlock'
        else:
            answer = errors and repr(errors[0]) or module['count']()
    except Exception, error:
        answer = repr(error)
    sys.stdout = out
    print answer
    sys.stdout.flush()
"""


@pytest.mark.parametrize("race", RACES.values(), ids=RACES)
@pytest.mark.parametrize("yaml", [OLD, NEW], ids=["2.5", "2.7"])
def test_the_race_is_over(race: Race, yaml: str, python27: Path) -> None:
    app, fix = race.plan(yaml)
    assert fix is not None
    before, after = app.files["main.py"].data, app.files["main.py"].apply(fix.edits).data
    lost, won = ask(python27, RUN, [], [before, after])
    assert won == str(race.want)
    assert lost != str(race.want)


def test_a_plain_lock_around_a_call_of_itself_never_ends(python27: Path) -> None:
    """What `reentrant` is for: the judge above sees a thread that waits for itself."""
    app, fix = RACES["reentrant"].plan(NEW)
    assert fix is not None
    code = app.files["main.py"].apply(fix.edits).data.replace(b"RLock", b"Lock")
    assert ask(python27, RUN.replace("join(10)", "join(0.1)"), [], [code]) == ["deadlock"]


def test_since_when_there_is_with(python27: Path) -> None:
    """2.5 has `with` for files that ask for it, 2.6 for all."""
    program = "import __future__, sys; print __future__.with_statement.optional, __future__.with_statement.mandatory"
    assert ask(python27, program, [], [b""]) == ["(2, 5, 0, 'alpha', 1) (2, 6, 0, 'alpha', 0)"]


def test_a_name_used_before_global_is_a_warning_that_the_patch_does_not_make(python27: Path) -> None:
    program = r"""
import sys, warnings
warnings.simplefilter('error')
for question in sys.stdin.read().split('\0'):
    try:
        compile(question, 'main.py', 'exec')
        print 'quiet'
    except SyntaxError, error:
        print error.msg
    sys.stdout.flush()
"""
    app, fix = RACES["module global"].plan(NEW)
    assert fix is not None
    patched = app.files["main.py"].apply(fix.edits).data
    late = b"def f():\n  x = 1\n  global x\n"
    assert ask(python27, program, [], [late, patched]) == [
        "name 'x' is assigned to before global declaration",
        "quiet",
    ]
