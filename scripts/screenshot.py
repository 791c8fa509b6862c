"""Writes docs/report.png: how the report of an example app looks in a browser.

    python scripts/screenshot.py [APP]

The app is `workers` unless another one below tests/apps is named. Needs a Chromium (see browser.py).
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from browser import chromium

from gaebot import disk, engine
from gaebot.render.html.page import render_html
from gaebot.rule import discover
from gaebot.survey import survey

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "report.png"
SIZE = {"width": 1200, "height": 800}


def page(name: str) -> str:
    """The report of an example app, as if it had been checked from the folder around it."""
    app = disk.read_app(str(ROOT / "tests" / "apps" / name))
    app.root = name
    rules = discover("python27")
    return render_html(replace(engine.check(app, rules), structure=(survey(app),)), rules)


def main(name: str = "workers") -> None:
    """Make the picture."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        report = Path(folder, "report.html")
        report.write_text(page(name), encoding="utf-8")
        view = browser.new_page(viewport=SIZE, color_scheme="light")
        view.goto(report.as_uri())
        view.screenshot(path=PICTURE)


if __name__ == "__main__":
    main(*sys.argv[1:])
