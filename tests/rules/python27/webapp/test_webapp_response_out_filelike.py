"""`webapp-response-out-filelike`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.webapp.handlers import HEAD, new, old

RULE = "webapp-response-out-filelike"
CLASS = "import csv, gzip, tarfile, zipfile\nclass H(webapp.RequestHandler):\n  def get(self):\n"


@pytest.mark.parametrize(
    "body",
    [
        "self.response.out.write('x')",
        "print >>self.response.out, 'x'",
        "csv.writer(self.response.out)",
        "out = self.response.out",
        "self.out.seek(0)",
        "pickle.dump(x, self.response.out)",
        "zipfile.ZipFile(buffer, 'w')",
        "tarfile.open(fileobj=self.response.out, mode='w|')",
        "gzip.GzipFile(fileobj=self.response.out, mode='wb')",
        "out = self.response.out; out = StringIO(); out.getvalue()",
        "out = self.response.out; out.write('x')",
        "out = StringIO(); out.getvalue()",
    ],
)
def test_leaves_alone(body: str) -> None:
    assert find(RULE, new(f"{CLASS}    {body}\n")) == []


def test_rows_are_joined() -> None:
    for app in (old, new):
        made = fixed(RULE, app(f"{CLASS}    self.response.out.writelines(rows())\n"))["main.py"]
        assert made == f"{HEAD}{CLASS}    self.response.out.write(''.join(rows()))\n"


def test_generators_are_joined() -> None:
    made = fixed(RULE, new(f"{CLASS}    self.response.out.writelines(x for x in rows)\n"))["main.py"]
    assert made == f"{HEAD}{CLASS}    self.response.out.write(''.join(x for x in rows))\n"


def test_the_body_is_taken_after_the_switch() -> None:
    code = f"{CLASS}    x = self.response.out.getvalue()\n"
    assert [finding.fix for finding in find(RULE, old(code))] == [None]
    assert fixed(RULE, new(code))["main.py"].endswith("    x = self.response.body\n")


def test_a_local_name_for_it() -> None:
    code = f"{CLASS}    o = self.response.out; x = o.getvalue(); o.writelines(y)\n"
    made = fixed(RULE, new(code))["main.py"]
    assert made.endswith("    o = self.response.out; x = self.response.body; o.write(''.join(y))\n")


@pytest.mark.parametrize(
    "body",
    [
        "self.response.out.seek(0)",
        "tarfile.open(fileobj=self.response.out, mode='w')",
        "self.response.out = StringIO()",
        "zipfile.ZipFile(self.response.out, 'w')",
        "zipfile.ZipFile(file=self.response.out)",
        "x = self.response.out.getvalue",
    ],
)
def test_what_wants_a_file_is_reported(body: str) -> None:
    for app in (old, new):
        assert [finding.fix for finding in find(RULE, app(f"{CLASS}    {body}\n"))] == [None]
