"""The records that a service answered, read no further than where something is to be laid in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from services.gateway.graph.cursors import Cursors

MARK = b"\x01"
MARKED = re.compile(rb"\x01([^\x02]*)\x02")
CURSOR = b"c"

Place: TypeAlias = tuple[int, bytes]
"""The number of a slot, and the key of the record that is laid into it."""


@dataclass(slots=True)
class Records:
    """What a call answered, ready to be laid in: key → JSON text."""

    by_key: dict[bytes, bytes]
    empty: bytes

    def at(self, key: bytes) -> bytes:
        return self.by_key.get(key, self.empty)

    def only(self) -> bytes:
        """The single record of a call that was asked for all, or for the caller's own."""
        return next(iter(self.by_key.values()), self.empty)


@dataclass(slots=True)
class Answered:
    """One call's answer: whole records, and those that have places for others' as pieces of text and places."""

    whole: dict[bytes, bytes]
    pieces: dict[bytes, list[bytes | Place]]

    @classmethod
    def read(cls, lines: bytes, cursors: Cursors) -> "Answered":
        whole: dict[bytes, bytes] = {}
        pieces: dict[bytes, list[bytes | Place]] = {}
        for line in lines.split(b"\n") if lines else ():
            key, _, value = line.partition(b"\t")
            if MARK in value:
                pieces[key] = _pieces(value, cursors)
            else:
                whole[key] = value
        return cls(whole, pieces)

    def wanted(self, slots: int) -> list[list[bytes]]:
        """For each slot the keys of the records that go there, each once."""
        if not slots:
            return []
        keys: list[dict[bytes, None]] = [{} for _ in range(slots)]
        for pieces in self.pieces.values():
            for piece in pieces:
                if isinstance(piece, tuple):
                    keys[piece[0]][piece[1]] = None
        return [list(each) for each in keys]

    def laid_in(self, slots: Sequence[Records]) -> dict[bytes, bytes]:
        """All records, with those of the slots in their places."""
        for key, pieces in self.pieces.items():
            self.whole[key] = b"".join(
                [p if isinstance(p, bytes) else slots[p[0]].at(p[1]) for p in pieces]
            )
        return self.whole


def _pieces(value: bytes, cursors: Cursors) -> list[bytes | Place]:
    texts = MARKED.split(value)
    pieces: list[bytes | Place] = list(texts)
    for at in range(1, len(texts), 2):
        marked = texts[at]
        if marked.startswith(CURSOR):
            pieces[at] = cursors.seal(marked[1:])
        else:
            slot, _, key = marked.partition(b":")
            pieces[at] = (int(slot), key)
    return pieces
