"""The version of gaebot, in a module of its own: the pure core may name it without loading the rest."""

from __future__ import annotations

__version__ = "0.1.0"
