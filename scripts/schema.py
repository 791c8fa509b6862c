"""Writes docs/gaebot.schema.json, with which editors complete and check `.gaebot.yaml`.

    python scripts/schema.py

It is made from the keys in gaebot/config.py and the rules; a test keeps it true.
"""

from __future__ import annotations

import json
from pathlib import Path

from gaebot.config import json_schema
from gaebot.rule import hops

SCHEMA = Path(__file__).parent.parent / "docs" / "gaebot.schema.json"


def text() -> str:
    """The text of the file."""
    return json.dumps(json_schema(hops()[0]), indent=2) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(text(), encoding="utf-8")
