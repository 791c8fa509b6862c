"""`py-elementtree`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "py-elementtree"


@pytest.mark.parametrize(
    "code",
    [
        "try: ET.fromstring(x)\nexcept ExpatError: pass\n",
        "from xml.etree import ElementTree as ET\ntry: ET.fromstring(x)\nexcept ET.ParseError: pass\n",
        "from xml.parsers.expat import ExpatError\nfrom xml.dom import minidom\ntry: minidom.parseString(x)\nexcept ExpatError: pass\n",
        "from xml.etree import ElementTree as ET\nfrom xml.parsers.expat import ExpatError\ntry: ET.fromstring(x)\nexcept (ExpatError, ET.ParseError): pass\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    code = "from xml.etree import ElementTree as ET\nfrom xml.parsers.expat import ExpatError\ntry: ET.fromstring(x)\nexcept ExpatError, e: pass\n"
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": code}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from xml.etree import ElementTree as ET\nfrom xml.parsers.expat import ExpatError\ntry: ET.fromstring(x)\nexcept ExpatError, e: pass\n",
            "from xml.etree import ElementTree as ET\nfrom xml.parsers.expat import ExpatError\ntry: ET.fromstring(x)\nexcept (ExpatError, ET.ParseError), e: pass\n",
        ),
        (
            "import xml.etree.cElementTree as et\nimport xml.parsers.expat\ntry:\n  et.parse(f)\nexcept xml.parsers.expat.ExpatError:\n  pass\n",
            "import xml.etree.cElementTree as et\nimport xml.parsers.expat\ntry:\n  et.parse(f)\nexcept (xml.parsers.expat.ExpatError, et.ParseError):\n  pass\n",
        ),
    ],
)
def test_what_the_fix_writes(before: str, after: str) -> None:
    assert [finding.fix for finding in find(RULE, cgi(before))][:1] == [None]
    assert fixed(RULE, wsgi(before), unsafe=False)["main.py"] == after


def test_a_clause_with_as() -> None:
    head = "from xml.etree import ElementTree as ET\nfrom xml.parsers.expat import ExpatError\ntry: ET.fromstring(x)\n"
    new = fixed(RULE, wsgi(head + "except ExpatError as e: pass\n"))["main.py"]
    assert new == head + "except (ExpatError, ET.ParseError) as e: pass\n"
