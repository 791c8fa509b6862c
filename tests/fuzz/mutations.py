"""Ways to damage a file: the bytes of one, and what happens to them is decided by a `Random`.

Some keep what a file means (line ends, indentation, blanks), most do not. The same `Random` makes the
same bytes, so every app that a run has made can be made again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

Mutation = Callable[[Random, bytes, Sequence[bytes]], bytes]
"""Takes the bytes of a file and those of others that parts may be taken from; what comes of them."""

LARGEST = 60_000
"""Mutations do not let a file grow beyond this many bytes, but for those that make it huge on purpose."""

_TOKEN = re.compile(rb"\w+|[^\w\s]|[ \t]+|\r\n|\n|\r")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$")

_BYTES = (b"\0", b"\xff", b"\xe9", b"\xc3", b"\xed\xa0\x80", b"\xf0\x9f\x90\x8d", b"\xef\xbb\xbf", b"\x0c", b"\t", b"\r",
          b"\xe2\x80\xa8", b"\x85", b"\x1a", b"\\", b"\x7f", b"\xc2\xa0")  # fmt: skip

_PYTHON = (
    b"if __name__ == '__main__':\n  main()\n", b"main()\n", b"def main():\n", b"  run_wsgi_app(application)\n",
    b"import os; import sys\n", b"from __future__ import with_statement\n", b"from google.appengine.ext import webapp\n",
    b"from google.appengine.ext.webapp import template, util\n", b"from main import *\n", b"import simplejson as json\n",
    b"\\\n", b";", b"lambda: 0", b"try:\n", b"except Exception, e:\n", b"finally:\n", b"else:\n", b"elif x:\n", b"@d\n",
    b"class A(webapp.RequestHandler):\n", b"  def get(self, *args, **kw):\n", b"    self.response.out.write('x')\n",
    b"global cache, x\n", b"cache = {}\n", b"cache[x] = cache.get(x, 0) + 1\n", b"print >>f, x\n", b"exec x in y\n", b"`x`",
    b"'''", b'"""', b"u'", b"(", b")", b"[", b"{", b"}", b":", b"\n", b" ", b"#", b"# gaebot: ignore[all]\n", b"# -*- coding: hex -*-\n",
    b"# -*- coding: utf-16 -*-\n", b"# -*- coding: cp1252 -*-\n", b"return\n", b"yield x\n", b"with lock:\n", b"pass\n", b"0777L", b"<>",
    b"os.environ['SERVER_SOFTWARE']", b"self.request.get('x')", b"del x\n", b"a = b = c\n", b"x = y = x\n", b"import main\n",
    b"if True: import os\n", b"while 1: pass\n", b"application = webapp.WSGIApplication([('/', A)], debug=True)\n",
)  # fmt: skip

_YAML = (
    b"- url: /.*\n  script: main.py\n", b"  script: main.app\n", b"runtime: python\n", b"runtime: python27\n", b"threadsafe: yes\n",
    b"threadsafe: false\n", b"api_version: 1\n", b"handlers:\n", b"libraries:\n- name: django\n  version: '1.2'\n", b"skip_files:\n- ^(a+)+$\n",
    b"builtins:\n- datastore_admin: on\n", b"includes:\n- app.yaml\n", b"&a ", b"*a", b"<<: *a\n", b"!!python/object/apply:os.system ['x']\n",
    b"!!binary ", b"!<tag:yaml.org,2002:str> ", b"%YAML 1.1\n", b"%TAG ! tag:x,2000:\n", b"---\n", b"...\n", b"? ", b": ", b"- ", b"| ", b">+2\n", b"|-\n",
    b"[", b"]", b"{", b"}", b",", b"'", b'"', b"#", b"\n", b"\t", b"  ", b"@", b"`", b"~", b"null", b"0x1F", b"1_000", b"1e3", b"12:30:45",
    b"2001-01-01", b"!!int x", b"!!float ", b"? [a, b]\n: c\n", b'"\\x00\\uD800\\U0010FFFF"', b"'it''s'", b"=", b"<<", b"!!set {a, b}\n",
    b"url: /\\1(.*\n", b"script: \\1.py\n", b"script: $PYTHON_LIB/google/appengine/ext/admin\n", b"inbound_services:\n- mail\n",
)  # fmt: skip

_PAGE = (
    b"{% ", b" %}", b"{{ ", b" }}", b"{# ", b" #}", b"{% comment %}", b"{% endcomment %}", b"{% load x %}", b"{{ x|safe|escape }}",
    b"{% include 'x.html' %}", b"{% extends '../x.html' %}", b"{% url x y %}", b"{% for x in y %}", b"{% ifequal a 'b' %}", b"<script>",
    b"</script>", b"<textarea>", b'{{ x|default:"', b"{% with a as b %}", b"{% cycle a,b %}", b'{{ "', b"{{{{", b"%}%}", b"{%%}",
)  # fmt: skip

_CODECS = ("utf-16", "utf-32", "utf-16-le", "latin-1", "cp037", "utf-7", "utf-8-sig", "shift_jis")


def mutate(random: Random, data: bytes, others: Sequence[bytes] = (), least: int = 1) -> bytes:
    """The bytes of a file after one mutation or a few, at least `least`."""
    for _ in range(max(least, random.choice((1, 1, 1, 2, 2, 3, 5, 8)))):
        data = random.choice(MUTATIONS)(random, data, others)
    return data


def _at(random: Random, data: bytes) -> int:
    return random.randint(0, len(data))


def _cut(random: Random, data: bytes) -> tuple[int, int]:
    start = _at(random, data)
    return start, min(len(data), start + random.choice((1, 2, 5, 20, 200)))


def _pieces(random: Random, data: bytes) -> list[bytes]:
    """The file in lines, or in tokens."""
    return (_LINE if random.random() < 0.6 else _TOKEN).findall(data)  # type: ignore[no-any-return]


def flip(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """One byte becomes another."""
    if not data:
        return random.choice(_BYTES)
    at = random.randrange(len(data))
    new = random.choice(_BYTES) if random.random() < 0.5 else bytes([random.choice(data)])
    return data[:at] + new + data[at + 1 :]


def remove(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Some bytes go."""
    start, end = _cut(random, data)
    return data[:start] + data[end:]


def truncate(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """The file ends early, or begins late."""
    at = _at(random, data)
    return data[:at] if random.random() < 0.8 else data[at:]


def drop(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Lines or tokens go, some in a row."""
    parts = _pieces(random, data)
    at = random.randrange(len(parts)) if parts else 0
    del parts[at : at + random.choice((1, 1, 1, 2, 5))]
    return b"".join(parts)


def repeat(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """A line or token stands there several times, or a stretch of them twice."""
    parts = _pieces(random, data)
    if not parts or len(data) > LARGEST:
        return data
    at = random.randrange(len(parts))
    if random.random() < 0.5:
        parts[at] *= random.choice((2, 2, 3, 50))
    else:
        end = at + random.randint(1, 10)
        parts[at:at] = parts[at:end]
    return b"".join(parts)


def swap(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Two lines or tokens change places."""
    parts = _pieces(random, data)
    if not parts:
        return data
    one, other = random.randrange(len(parts)), random.randrange(len(parts))
    parts[one], parts[other] = parts[other], parts[one]
    return b"".join(parts)


def borrow(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Lines or tokens of another file come in, or take the place of some."""
    lines = random.random() < 0.6
    pattern = _LINE if lines else _TOKEN
    parts, theirs = pattern.findall(data), pattern.findall(random.choice(others) if others else data)
    if not theirs or len(data) > LARGEST:
        return data
    at, start = random.randint(0, len(parts)), random.randrange(len(theirs))
    length = random.choice((1, 1, 2, 5, 20))
    parts[at : at + random.choice((0, 0, 1, length))] = theirs[start : start + length]
    return b"".join(parts)


def insert(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Something that means a lot comes in somewhere, or at the start of a line with its indentation."""
    words = random.choice((_PYTHON, _PYTHON, _YAML, _YAML, _PAGE, _BYTES))
    word, at = random.choice(words), _at(random, data)
    if random.random() < 0.5:
        at = data.rfind(b"\n", 0, at) + 1
        indent = re.match(rb"[ \t]*", data[at:])
        word = (indent.group() if indent else b"") + word
    return data[:at] + word + data[at:]


def join(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """A line end goes, or becomes a semicolon or a backslash with a line end."""
    ends = [match.start() for match in re.finditer(rb"\n", data)]
    if not ends:
        return data
    at = random.choice(ends)
    return data[:at] + random.choice((b"", b" ", b"; ", b" \\\n", b", ")) + data[at + 1 :].lstrip(b" \t")


def split(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """A line ends at a blank, a comma or a bracket, with or without a backslash or a comment."""
    places = [match.end() for match in re.finditer(rb"[ ,(\[{]", data)]
    if not places:
        return data
    at = random.choice(places)
    new = random.choice((b"\n", b"\n    ", b"\\\n", b"# c\n", b" # \xc3\xa9\n\t", b"\r\n"))
    return data[:at] + new + data[at:]


def indent(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Some lines move to the right or to the left, or are indented with tabs."""
    lines = _LINE.findall(data)
    if not lines:
        return data
    start = random.randrange(len(lines))
    end = start + random.choice((1, 1, 3, 10, 1000))
    how = random.choice((b" ", b"  ", b"    ", b"\t", b"", b"tabs"))
    for number in range(start, min(end, len(lines))):
        line = lines[number]
        if how == b"tabs":
            body = line.lstrip(b" ")
            lines[number] = b"\t" * ((len(line) - len(body)) // 2) + body
        else:
            lines[number] = how + line if how else line.lstrip(b" \t")
    return b"".join(lines)


def wrap(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Some lines go into a block of their own."""
    lines = _LINE.findall(data)
    if not lines:
        return data
    start = random.randrange(len(lines))
    end = min(len(lines), start + random.choice((1, 1, 2, 5, 1000)))
    margin = re.match(rb"[ \t]*", lines[start])
    head = margin.group() if margin else b""
    opening = random.choice(
        (b"if x:\n", b"try:\n", b"def f():\n", b"class C:\n", b"while 1:\n", b"with a:\n", b"for x in y:\n")
    )
    closing = (
        head + b"except: pass\n" if opening == b"try:\n" else random.choice((b"", head + b"else: pass\n"))
    )
    inner = [b"  " + line for line in lines[start:end]]
    return b"".join([*lines[:start], head + opening, *inner, closing, *lines[end:]])


def ends(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Lines end otherwise: all of them, some of them, or the last one not at all."""
    how = random.randrange(4)
    if how == 0:
        return data.rstrip(b"\r\n")
    new = random.choice((b"\r\n", b"\r", b"\n"))
    if how == 1:
        return re.sub(rb"\r\n|\n|\r", new, data)
    return re.sub(rb"\r\n|\n|\r", lambda _: random.choice((new, b"\n")), data)


def recode(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Another encoding, a byte order mark, or a comment that tells of one, be it true or not."""
    how = random.randrange(3)
    if how == 0:
        try:
            return data.decode("utf-8", "surrogateescape").encode(random.choice(_CODECS), "replace")
        except (UnicodeError, LookupError):
            return data
    if how == 1:
        return b"\xef\xbb\xbf" + data
    name = random.choice(
        (
            b"latin-1",
            b"utf-8",
            b"cp1252",
            b"utf-16",
            b"idna",
            b"klingon",
            b"rot13",
            b"euc-jp",
            b"utf_8_sig",
            b"undefined",
        )
    )
    return b"# -*- coding: " + name + b" -*-\n" + data


def deepen(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Something within itself, very often."""
    depth = random.choice((20, 60, 99, 101, 300, 2_000, 10_000))
    opening, closing = random.choice(((b"(", b")"), (b"[", b"]"), (b"{a: ", b"}"), (b"f(", b")"), (b"-", b""), (b"not ", b""), (b"- ", b""),
                                      (b"lambda: ", b""), (b"a.", b""), (b"x if y else ", b""), (b"`", b"`"), (b"{% if x %}", b"{% endif %}"),
                                      (b"x = ", b""), (b"a + ", b""), (b"[x for x in ", b"]"), (b"? ", b"")))  # fmt: skip
    at = _at(random, data)
    if random.random() < 0.5:
        at = data.rfind(b"\n", 0, at) + 1
        opening, closing = (
            (b"x = " + opening, closing + b"\n") if random.random() < 0.5 else (opening, closing)
        )
    return data[:at] + opening * depth + b"x" + closing * depth + data[at:]


def nest(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Blocks within blocks at the end of the file."""
    depth = random.choice((15, 21, 60, 101, 300))
    opening = random.choice(
        (b"if x:", b"try:", b"def f():", b"class C:", b"for x in y:", b"else:", b"a:", b"-")
    )
    lines = b"".join(b" " * number + opening + b"\n" for number in range(depth))
    return (
        data + b"\n" + lines + b" " * depth + random.choice((b"pass\n", b"x = 1\n", b"return f()\n", b"b\n"))
    )


def bloat(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Something very long."""
    size = random.choice((1_000, 20_000, 200_000))
    unit = random.choice((b"a", b"9", b"'x', ", b"\\\n", b"#\n", b" ", b"\n", b"x.", b"a = a.b(c)\n", b"- a\n", b"'", b"{{ x }}", b"{% x",
                          b"import a\n", b"a, ", b"if x: y\n", b"global a\n", b"\xc3\xa9", b"f(a)(b)", b"- url: /x\n  script: main.py\n",
                          b"def f(): pass\n", b"# gaebot: ignore[x]\n", b"a: &b c\n"))  # fmt: skip
    at = _at(random, data)
    if random.random() < 0.5:
        at = data.rfind(b"\n", 0, at) + 1
    return data[:at] + unit * (size // len(unit)) + data[at:]


def alias(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """YAML that says things by reference, in front or behind."""
    if random.random() < 0.3:
        width = random.choice((2, 10))
        lines = [b"a0: &a0 [x, x]"]
        for number in range(1, random.choice((5, 30))):
            names = b", ".join([b"*a%d" % (number - 1)] * width)
            lines.append(b"a%d: &a%d [%s]" % (number, number, names))
        block = b"\n".join(lines) + b"\n"
    else:
        block = random.choice((b"x: &x [*x]\n", b"d: &d {login: admin}\ne:\n  <<: *d\n", b"<<: {runtime: python}\n", b"<<: [1, 2]\n",
                               b"? &k runtime\n: *k\n", b"&k runtime: python\n", b"h: &h\n- *h\n", b"<<: *undefined\n"))  # fmt: skip
    return block + data if random.random() < 0.5 else data + b"\n" + block


def rename(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """A word that stands there several times is another one everywhere."""
    words = re.findall(rb"[A-Za-z_]\w+", data)
    if not words:
        return data
    old = random.choice(words)
    new = random.choice(
        (*words, b"main", b"application", b"os", b"x", b"None", b"print", b"self", b"json", b"caf\xc3\xa9")
    )
    return re.sub(rb"\b" + old + rb"\b", lambda _: new, data)


MUTATIONS: tuple[Mutation, ...] = (
    flip, remove, truncate, drop, drop, repeat, swap, swap, borrow, borrow, borrow, insert, insert, insert, insert, join,
    join, split, split, indent, indent, wrap, wrap, ends, recode, deepen, nest, bloat, alias, rename, rename,
)  # fmt: skip
