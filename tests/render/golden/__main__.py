"""Writes the files in this folder anew: `python -m tests.render.golden`."""

from tests.render.golden import write

write()
