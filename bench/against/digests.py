"""What tells texts apart, whether a parser was given their bytes or the decoded text."""

from __future__ import annotations

import hashlib
import io
import tokenize


def digest(text: str | bytes) -> str:
    """A name for a text that does not depend on line ends, a byte order mark, or blanks at its end."""
    data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    # A parser that knows no NUL is given blanks.
    data = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\0", b" ").rstrip()
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def digests_of(data: bytes) -> frozenset[str]:
    """The names that the bytes of a Python file may get: as they are, and decoded as the file says."""
    names = {digest(data)}
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        names.add(digest(data.decode(encoding)))
    except (SyntaxError, UnicodeDecodeError, LookupError):
        pass
    return frozenset(names)
