"""Text with a limit: blocks of rows, of which those are left out that matter least."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from gaebot.render.words import counted


@dataclass(frozen=True)
class Row:
    """A line of a block, and how early it is taken: lower ranks first, then lower places."""

    text: str
    rank: int
    place: int = 0


@dataclass(frozen=True)
class Block:
    """A part of the summary: `head`, rows, `foot`. It is left out when there is no room for any row.

    `noun` says what a row is, to count what was left out.
    """

    head: str
    rows: tuple[Row, ...]
    foot: str = "\n"
    noun: str = "row"

    def cost(self) -> int:
        """Bytes that it takes beside its rows, with the line about what was left out."""
        return size(self.head) + size(self.foot) + 80


def fit(blocks: Sequence[Block], room: int) -> tuple[list[str], Counter[str]]:
    """The texts of the blocks with as many rows as there is room for, and how many are left out.

    `room` is in bytes of UTF-8; what is left out is counted by what it is.
    """
    shown, left_out = _fitting(blocks, room)
    return [_text(block, kept) for block, kept in zip(blocks, shown, strict=True) if kept], left_out


def size(text: str) -> int:
    """The bytes that a text takes."""
    return len(text.encode())


def _fitting(blocks: Sequence[Block], room: int) -> tuple[list[list[Row]], Counter[str]]:
    """The rows of each block for which there is room, and how many are left out, by what they are."""
    order = sorted(
        (row.rank, row.place, number, at)
        for number, block in enumerate(blocks)
        for at, row in enumerate(block.rows)
    )
    taken: list[list[int]] = [[] for _ in blocks]
    left_out: Counter[str] = Counter()
    full = False
    for _, _, number, at in order:
        block = blocks[number]
        cost = size(block.rows[at].text) + 1 + (0 if taken[number] else block.cost())
        full = full or cost > room
        if full:
            left_out[block.noun] += 1
            continue
        room -= cost
        taken[number].append(at)
    return [
        [block.rows[at] for at in sorted(kept)] for block, kept in zip(blocks, taken, strict=True)
    ], left_out


def _text(block: Block, kept: Sequence[Row]) -> str:
    lines = "".join(f"{row.text}\n" for row in kept)
    missing = len(block.rows) - len(kept)
    more = f"\n… and {counted(missing, block.noun)} more\n" if missing else ""
    return f"{block.head}{lines}{more}{block.foot}"
