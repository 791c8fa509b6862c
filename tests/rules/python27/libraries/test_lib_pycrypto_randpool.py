"""`lib-pycrypto-randpool`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "lib-pycrypto-randpool"


@pytest.mark.parametrize(
    "code",
    [
        "from Crypto import Random\n",
        "from Crypto.Cipher import AES\n",
        "randpool = 1\n",
        "# from Crypto.Util.randpool import RandomPool\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    code = "from Crypto.Util.randpool import RandomPool\nf(RandomPool)\n"
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": code}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from Crypto.Util.randpool import RandomPool\nx = RandomPool().get_bytes(16)\n",
            "from Crypto import Random\nx = Random.new().read(16)\n",
        ),
        (
            "from Crypto.Util import randpool\npool = randpool.RandomPool()\nx = pool.get_bytes(n)\n",
            "from Crypto import Random\npool = Random.new()\nx = pool.read(n)\n",
        ),
        (
            "from Crypto import Random\nfrom Crypto.Util.randpool import RandomPool\nx = RandomPool().get_bytes(n)\n",
            "from Crypto import Random\nx = Random.new().read(n)\n",
        ),
        (
            "from Crypto.Util.randpool import RandomPool, KeyboardRandomPool\nx = RandomPool().get_bytes(n)\n",
            "from Crypto import Random\nx = Random.new().read(n)\n",
        ),
        (
            "from Crypto.Util import number, randpool\nx = randpool.RandomPool().get_bytes(n)\n",
            "from Crypto import Random\nfrom Crypto.Util import number\nx = Random.new().read(n)\n",
        ),
        (
            "import Crypto.Util.randpool as rp\nx = rp.RandomPool(384).get_bytes(n)\n",
            "from Crypto import Random\nx = Random.new().read(n)\n",
        ),
        (
            (
                "from Crypto.Util.randpool import RandomPool\nclass A:\n  def __init__(self):\n    self.p = RandomPool()\n"
                "  def key(self):\n    self.p.stir()\n    return self.p.get_bytes(16)\n"
            ),
            (
                "from Crypto import Random\nclass A:\n  def __init__(self):\n    self.p = Random.new()\n"
                "  def key(self):\n    return self.p.read(16)\n"
            ),
        ),
        (
            "from Crypto.Util.randpool import RandomPool as RP\ndef f():\n  p = RP(384)\n  p.stir()\n  p.add_event(x)\n  return RSA.generate(1024, p.get_bytes)\n",
            "from Crypto import Random\ndef f():\n  p = Random.new()\n  return RSA.generate(1024, p.read)\n",
        ),
    ],
)
def test_what_the_fix_writes(before: str, after: str) -> None:
    assert [finding.fix for finding in find(RULE, cgi(before))][:1] == [None]
    assert fixed(RULE, wsgi(before), unsafe=True)["main.py"] == after


@pytest.mark.parametrize(
    "code",
    [
        "from Crypto.Util.randpool import RandomPool\nf(RandomPool)\n",
        "from Crypto.Util.randpool import RandomPool\npool = RandomPool()\nf(pool)\n",
        "from Crypto.Util.randpool import RandomPool\nRandom = 1\n",
        "import Crypto.Util.randpool\n",
        "from Crypto.Util.randpool import RandomPool\nself.p = RandomPool()\nother.p = 1\n",
        "from Crypto.Util.randpool import RandomPool\np = RandomPool()\nif x: p.stir()\n",
        "from Crypto.Util.randpool import RandomPool\np = RandomPool()\nprint p.entropy\n",
    ],
)
def test_what_is_only_reported(code: str) -> None:
    for app in (cgi, wsgi):
        assert [finding.fix for finding in find(RULE, app(code))] == [None]
