"""Load what handlers name, in the process in which Google's development server would run it."""

from __future__ import annotations

import ast
import secrets
from dataclasses import dataclass
from pathlib import Path

from gaebot.prove.probe import tracebacks
from gaebot.prove.server import DevServer, NoAnswerError

# Python 2 code. It runs among the modules of the app, which may be named like those of Python: nothing is
# imported but `sys` and what the runtime has imported already.
_LOAD = r"""
def _gaebot_load(name, mark):
    import sys
    from google.appengine.runtime import wsgi

    def takes_a_request(found):
        # False only for what Python code defines with other arguments than environ and start_response.
        own = 1
        if isinstance(found, type) or type(found).__name__ == 'classobj':
            function = getattr(found, '__init__', None)
        elif hasattr(found, 'func_code'):
            function, own = found, 0
        elif hasattr(found, 'im_func'):
            function, own = found, found.im_self is not None
        else:
            function = getattr(type(found), '__call__', None) or getattr(found, '__call__', None)
            if type(found).__name__ == 'instance':
                function = getattr(found, '__call__', None)
        function = getattr(function, 'im_func', function)
        code = getattr(function, 'func_code', None)
        if code is None:
            return True
        most = code.co_argcount - own
        least = most - len(getattr(function, 'func_defaults', None) or ())
        return least <= 2 and (most >= 2 or bool(code.co_flags & 4))

    answer = None
    try:
        found, _, error = wsgi.LoadObject(name)
        if error is not None:
            answer = (error.__class__.__name__, str(error), [])
        elif not callable(found):
            answer = ('', 'it is an object of the type %s and can not be called' % type(found).__name__, [])
        elif not takes_a_request(found):
            answer = ('', 'it can be called, but not with the two arguments of a WSGI application', [])
    except:
        kind, value, trace = sys.exc_info()
        places = []
        while trace is not None:
            places.append((trace.tb_frame.f_code.co_filename, trace.tb_lineno))
            trace = trace.tb_next
        if isinstance(value, SyntaxError) and value.filename:
            places.append((value.filename, value.lineno or 0))
        try:
            text = isinstance(value, SyntaxError) and str(value.msg) or str(value)
        except Exception:
            text = repr(value)
        answer = (getattr(kind, '__name__', str(kind)), text, places)
    sys.stdout.write('\n' + mark + repr(answer) + '\n')

"""


@dataclass(frozen=True, slots=True)
class Loading:
    """What became of loading what a handler names: an empty `reason` when it is a WSGI application.

    `place` is the last line of the app that an exception went through, as in `Probe`.
    """

    reason: str = ""
    place: str = ""


def load(server: DevServer, script: str, *, service: str | None = None, folder: str = "") -> Loading:
    """Import the module that `script` ('blog.main.app') names, and look at the object.

    `server` is a running one with its console open; when it hangs, it is restarted. `service` and `folder`
    are as for `probe`. Raises `StartError` when the server does not come up again.
    """
    mark = secrets.token_hex(16)
    try:
        said = server.run_inside(f"{_LOAD}_gaebot_load({_literal(script)}, '{mark}')\n", service=service)
    except NoAnswerError as error:
        server.restart()
        return Loading(f"it is not loaded in time: {error}")
    root = server.root / folder
    _, found, answer = said.rpartition(f"\n{mark}")
    if found:
        return _read(answer.partition("\n")[0], root)
    # The console itself has failed: it imports appengine_config.py first, as the runtime does.
    for traceback in tracebacks(said):
        return Loading(traceback.exception.replace(f"{root}/", ""), traceback.place_below(root))
    last = said.strip().rpartition("\n")[2]
    return Loading(f"the server did not load it: {last or 'it said nothing'}")


def _literal(text: str) -> str:
    """A text as Python 2 reads it, whatever it holds."""
    return "'" + "".join(f"\\x{byte:02x}" for byte in text.encode("utf-8", "surrogateescape")) + "'"


def _read(answer: str, root: Path) -> Loading:
    """What the code in the app's process has answered; text from there is bytes in `repr`."""
    try:
        value = ast.literal_eval(answer)
    except (ValueError, SyntaxError):
        return Loading(f"the server answered {answer[:200]}")
    if value is None:
        return Loading()
    kind, text, places = value
    said = f"{kind}: {text}" if kind and text else kind or text
    # In `repr` of Python 2 a byte beyond ASCII is an escape, which Python 3 reads as a character.
    said = said.encode("latin-1", "replace").decode("utf-8", "replace").replace(f"{root}/", "")
    inside = [(file, line) for file, line in places if file.startswith(f"{root}/")]
    place = f"{inside[-1][0].removeprefix(f'{root}/')}:{inside[-1][1]}" if inside else ""
    return Loading(said, place)
