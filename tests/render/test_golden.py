"""Each format shows one report with everything in it as the files in tests/render/golden say.

`python -m tests.render.golden` writes them anew.
"""

import pytest

from tests.render.golden import FORMATS, golden_file, golden_report


@pytest.mark.parametrize("name", FORMATS)
def test_the_report_looks_as_it_did(name):
    assert FORMATS[name](golden_report()) == golden_file(name).read_bytes().decode()


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_report_can_be_shown(name):
    from gaebot.report import Report

    assert FORMATS[name](Report()).endswith("\n")
    assert FORMATS[name](Report(apps=("x",))).endswith("\n")
