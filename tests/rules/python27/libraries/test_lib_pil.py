"""`lib-pil`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find, fixed
from tests.rules.python27.wsgi.scripts import cgi, wsgi

RULE = "lib-pil"


@pytest.mark.parametrize(
    "code",
    [
        "from PIL import Image\n",
        "import PIL\n",
        "from google.appengine.api import images\n",
        "try:\n  from PIL import Image\nexcept ImportError:\n  import Image\n",
        "Image = 1\n",
        "try:\n  import Image\nexcept ImportError:\n  import PIL.Image as Image\n",
        "import Imagery, MyImage\n",
        "from images import Image\n",
        "from mine import Image\n",
        "class Image(object): pass\n",
    ],
)
def test_leaves_alone(code: str) -> None:
    assert find(RULE, wsgi(code)) == []


def test_code_that_no_request_reaches_is_left_alone() -> None:
    code = "import os, Image\n"
    assert find(RULE, {**wsgi("app = 1\n"), "tool.py": code}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import Image\n", "from PIL import Image\n"),
        ("import Image, ImageDraw as D\n", "from PIL import Image, ImageDraw as D\n"),
        ("import os, Image\n", "from PIL import Image\nimport os\n"),
        ("import Image as I, os; x = 1\n", "from PIL import Image as I; import os; x = 1\n"),
        ("import Image, \\\n  ImageDraw\n", "from PIL import Image, ImageDraw\n"),
        ("from Image import open as o\n", "from PIL.Image import open as o\n"),
        ("from ExifTags import *\n", "from PIL.ExifTags import *\n"),
        ("import Image\r\nimport os\r\n", "from PIL import Image\r\nimport os\r\n"),
        ("if x: import PSDraw\n", "if x: from PIL import PSDraw\n"),
        (
            "try:\n  import Image\nexcept ImportError:\n  Image = None\n",
            "try:\n  from PIL import Image\nexcept ImportError:\n  Image = None\n",
        ),
        ("def f():\n  import ImageFont # fonts\n", "def f():\n  from PIL import ImageFont # fonts\n"),
    ],
)
def test_what_the_fix_writes(before: str, after: str) -> None:
    for app in (cgi, wsgi):
        assert fixed(RULE, app(before), unsafe=False)["main.py"] == after


def test_modules_of_the_app_are_left_alone() -> None:
    assert find(RULE, {**wsgi("import Image\n"), "Image.py": ""}) == []
    assert find(RULE, {**wsgi("import Image\n"), "lib/Image.py": ""}) == []
