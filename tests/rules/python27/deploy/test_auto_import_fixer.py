"""`auto-import-fixer`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import APP_YAML, find

RULE = "auto-import-fixer"


@pytest.mark.parametrize("path", ["tools/auto_import_fixer.py", "import_fixer.py"])
def test_leaves_alone(path: str) -> None:
    assert find(RULE, {"app.yaml": APP_YAML, path: ""}) == []


def test_a_file_that_is_imported_is_left_alone() -> None:
    files = {"app.yaml": APP_YAML, "auto_import_fixer.py": "x = 1\n", "main.py": "import auto_import_fixer\n"}
    assert find(RULE, files) == []


@pytest.mark.parametrize("source", ["", "# nothing\n"])
def test_the_file_is_found(source: str) -> None:
    (finding,) = find(RULE, {"app.yaml": APP_YAML, "auto_import_fixer.py": source})
    assert finding.place.start.line == 1
