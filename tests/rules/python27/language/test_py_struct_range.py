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


@pytest.mark.parametrize(
    "code",
    [
        "import struct, zlib\nstruct.pack('<lL', zlib.crc32(x), n)\n",
        "import struct, zlib\nstruct.pack('<L', n) + struct.pack('<q', zlib.crc32(x))\n",
        "import struct, zlib\nstruct.pack('>2Ll', a, b, zlib.crc32(x))\n",
        "import zlib\nname = '%s-%x' % (zlib.crc32(x), n)\n",
        "import zlib\nname = '%d %%x' % zlib.crc32(x)\n",
        "import zlib\nname = '%*x %d' % (5, n, zlib.crc32(x))\n",
    ],
)
def test_a_number_that_may_have_a_sign_is_left_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


@pytest.mark.parametrize(
    ("code", "new"),
    [
        ("struct.pack('<lL', n, zlib.crc32(x))", "struct.pack('<lL', n, zlib.crc32(x) & 0xffffffff)"),
        (
            "struct.pack('>4s2I', a, b, zlib.crc32(x))",
            "struct.pack('>4s2I', a, b, zlib.crc32(x) & 0xffffffff)",
        ),
        ("'%s %08x' % (n, zlib.crc32(x))", "'%s %08x' % (n, (zlib.crc32(x) & 0xffffffff))"),
        ("'100%% %u' % zlib.crc32(x)", "'100%% %u' % (zlib.crc32(x) & 0xffffffff)"),
    ],
)
def test_the_number_in_its_place(code: str, new: str) -> None:
    head = "import struct, zlib\ny = "
    assert fixed(RULE, wsgi(f"{head}{code}\n"))["main.py"] == f"{head}{new}\n"


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
