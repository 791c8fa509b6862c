"""How property tests run: always the same examples in CI, new ones every time elsewhere."""

from __future__ import annotations

import os

from hypothesis import settings

# A red CI must be the change's own doing; what new examples find is found at the desk.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "desk")
