"""`py-struct-range`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "py-struct-range"


@pytest.mark.parametrize(
    "code",
    [
        "import struct, zlib\nstruct.pack('>l', zlib.crc32(x))\n",
        "import struct, zlib\nstruct.pack('>L', zlib.crc32(x) & 0xffffffff)\n",
        "import zlib\ny = zlib.crc32(x)\n",
        "import zlib\ny = '%d' % zlib.crc32(x)\n",
        "import struct\nstruct.pack('>L', crc32(x))\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    code = "import struct, zlib\nstruct.pack('>L', zlib.crc32(x))\n"
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": code}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "import struct, zlib\nstruct.pack('>L', zlib.crc32(x))\n",
            "import struct, zlib\nstruct.pack('>L', zlib.crc32(x) & 0xffffffff)\n",
        ),
        (
            "from struct import pack\nfrom binascii import crc32\npack('!IB', crc32(x), 1)\n",
            "from struct import pack\nfrom binascii import crc32\npack('!IB', crc32(x) & 0xffffffff, 1)\n",
        ),
        (
            "import zlib\ny = '%08x' % zlib.crc32(x)\n",
            "import zlib\ny = '%08x' % (zlib.crc32(x) & 0xffffffff)\n",
        ),
    ],
)
def test_what_the_fix_writes(before: str, after: str) -> None:
    for app in (cgi, wsgi):
        assert fixed(RULE, app(before), unsafe=False)["main.py"] == after
