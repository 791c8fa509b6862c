"""Whether other modules of the app take a name out of one."""

from __future__ import annotations

import pytest

from gaebot.rules.python27.shared.scripts.importers import is_taken
from tests.rules.helpers import make_app


def taken(**modules: str) -> bool:
    """Whether somebody takes `forms` out of models.py."""
    files = {f"{name.replace('__', '/')}.py": code for name, code in modules.items()}
    app = make_app({"models.py": "import forms\n", **files})
    file = app.python("models.py")
    assert file is not None
    return is_taken(app, file, "forms")


@pytest.mark.parametrize(
    "code",
    [
        "from models import forms\n",
        "from models import forms as f\n",
        "import models\nmodels.forms\n",
        "from models import *\nforms.Form\n",
        "from models import *\ndef f():\n    return forms\n",
        "from models import *\ndef f():\n    import forms\nforms.Form\n",
        "try:\n    import forms\nexcept ImportError:\n    from models import *\nforms.Form\n",
    ],
)
def test_taken(code: str) -> None:
    assert taken(main=code)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "import models\n",
        "from models import other\n",
        "from models import *\nother.Form\n",
        "from models import *\nforms_of = 1\n",
        "import forms\nforms.Form\n",
        "import other_models\nother_models.forms\n",
        "import models\nmodels.forms_of\n",
        "import forms\nfrom models import *\nforms.Form\n",
    ],
)
def test_not_taken(code: str) -> None:
    assert not taken(main=code)


def test_star_imports_hand_names_on() -> None:
    assert taken(base="from models import *\n", main="from base import *\nforms\n")
    assert taken(base="from models import *\n", main="from base import forms\n")
    assert taken(base="from models import *\n", main="import base\nbase.forms\n")
    assert not taken(base="from models import *\n", main="from base import *\n")


def test_circles_come_to_an_end() -> None:
    assert not taken(models="import forms\nfrom a import *\n", a="from models import *\n")
