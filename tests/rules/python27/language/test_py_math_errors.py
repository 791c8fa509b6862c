"""`py-math-errors`: what it leaves alone, finds and fixes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import wsgi

RULE = "py-math-errors"


@pytest.mark.parametrize(
    "code",
    [
        "import math\ntry:\n  math.exp(x)\nexcept OverflowError:\n  pass\n",
        "import math\ntry:\n  math.log(x)\nexcept (OverflowError, ValueError):\n  pass\n",
        "import math\ntry:\n  math.log(x)\nexcept OverflowError:\n  pass\nexcept ValueError:\n  pass\n",
        "import math\ntry:\n  math.log(x)\nexcept OverflowError:\n  pass\nexcept:\n  pass\n",
        "import math\ntry:\n  math.log(x)\nexcept ValueError:\n  pass\n",
        "try:\n  log(x)\nexcept OverflowError:\n  pass\n",
        "import math\ny = math.log(x)\ntry:\n  f(y)\nexcept OverflowError:\n  pass\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    code = "import math\ntry:\n  math.log(0)\nexcept OverflowError:\n  pass\n"
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": code}) == []


@pytest.mark.parametrize("clause", ["{}:", "{}, e:", "{} as e:"])
@pytest.mark.parametrize("imports", ["import math", "from math import log10 as log", "import math as m"])
def test_catches_both(clause: str, imports: str) -> None:
    call = {"import math": "math.log(x)", "import math as m": "1 + m.log(x, 2)"}.get(imports, "log(x)")
    code = f"{imports}\ntry:\n  y = {call}\nexcept {clause}\n  y = 0\n"
    new = code.replace("{}", "(OverflowError, ValueError)")
    assert fixed(RULE, wsgi(code.replace("{}", "OverflowError")))["main.py"] == new
