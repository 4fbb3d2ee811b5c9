"""The records that a service answered, read no further than where something is to be laid in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.gateway.graph.cursors import Cursors

MARK = b"\x01"
MARKED = re.compile(rb"\x01([^\x02]*)\x02")
CURSOR = b"c"


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
    """One call's answer: whole records, and those that have places for others' as text, mark, text, mark … text.

    A mark is `slot:key`, or a cursor to seal. `places` are the marks of all records, each once; `routes` tells of
    those that want a record which slot's and which key.
    """

    whole: dict[bytes, bytes]
    pieces: dict[bytes, list[bytes]] = field(default_factory=dict)
    places: dict[bytes, None] = field(default_factory=dict)
    routes: list[tuple[bytes, int, bytes]] = field(default_factory=list)

    @classmethod
    def read(cls, lines: bytes) -> "Answered":
        records = [line.split(b"\t", 1) for line in lines.split(b"\n")] if lines else []
        if MARK not in lines:
            return cls(dict(records))
        answered = cls({})
        for key, value in records:
            if MARK in value:
                answered.pieces[key] = texts = MARKED.split(value)
                answered.places.update(dict.fromkeys(texts[1::2]))
            else:
                answered.whole[key] = value
        return answered

    def wanted(self, slots: int) -> list[list[bytes]]:
        """For each slot the keys of the records that go there, each once."""
        keys: list[list[bytes]] = [[] for _ in range(slots)]
        for place in self.places:
            if not place.startswith(CURSOR):
                slot, _, key = place.partition(b":")
                number = int(slot)
                keys[number].append(key)
                self.routes.append((place, number, key))
        return keys

    def laid_in(self, slots: Sequence[Records], cursors: Cursors) -> dict[bytes, bytes]:
        """All records, with those of the slots in their places."""
        values = {place: slots[number].at(key) for place, number, key in self.routes}
        if len(values) < len(self.places):
            sealed = self.places.keys() - values.keys()
            values |= {place: cursors.seal(place[1:]) for place in sealed}
        for key, texts in self.pieces.items():
            texts[1::2] = [values[place] for place in texts[1::2]]
            self.whole[key] = b"".join(texts)
        return self.whole
