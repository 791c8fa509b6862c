"""`py-socket-error-order`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find
from tests.rules.python27.wsgi.scripts import wsgi

RULE = "py-socket-error-order"


@pytest.mark.parametrize(
    "clauses",
    [
        "except socket.error:\n  b()\nexcept IOError:\n  c()\n",
        "except (socket.error, IOError):\n  b()\n",
        "except (IOError, socket.error), e:\n  b()\n",
        "except IOError:\n  b()\n",
        "except OSError:\n  b()\nexcept socket.error:\n  c()\n",
        "except Exception:\n  b()\nexcept socket.error:\n  c()\n",
        "except KeyError, IOError:\n  b()\nexcept socket.error:\n  c()\n",
        "except IOError:\n  b()\nexcept mine.error:\n  c()\n",
        "except IOError:\n  try:\n    b()\n  except socket.error:\n    c()\n",
    ],
)
def test_leaves_alone(clauses: str) -> None:
    assert find(RULE, wsgi(f"import socket\ntry:\n  a()\n{clauses}")) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    code = "import socket\ntry:\n  a()\nexcept IOError:\n  b()\nexcept socket.error:\n  c()\n"
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": code}) == []


@pytest.mark.parametrize(
    ("imports", "clauses"),
    [
        ("import socket", "except IOError:\n  b()\nexcept socket.error:\n  c()\n"),
        ("import socket", "except IOError, e:\n  b()\nexcept socket.error, e:\n  c()\n"),
        ("import socket", "except IOError as e:\n  b()\nexcept socket.timeout as e:\n  c()\n"),
        ("import socket", "except (KeyError, IOError):\n  b()\nexcept (socket.error, ValueError):\n  c()\n"),
        (
            "import socket as s",
            "except EnvironmentError:\n  b()\nexcept KeyError:\n  d()\nexcept s.error:\n  c()\n",
        ),
        ("from socket import error", "except IOError: b()\nexcept error: c()\n"),
    ],
)
def test_what_is_only_reported(imports: str, clauses: str) -> None:
    (finding,) = find(RULE, wsgi(f"{imports}\ntry:\n  a()\n{clauses}"))
    assert finding.fix is None
    assert finding.severity is Severity.WARNING
