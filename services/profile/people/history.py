"""A job history and what a word about one day of it changes; no database, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import pairwise
from typing import Any

from services.profile.people.rules import ChangeReason, Position

PARTS = frozenset(field.name for field in fields(Position))


@dataclass(frozen=True, slots=True)
class Entry:
    """What holds from a day on; `inherited` are the parts that nobody named for that day."""

    begins: date
    ends: date | None
    position: Position
    inherited: frozenset[str]
    reason: ChangeReason

    def holds_on(self, day: date) -> bool:
        return self.begins <= day and (self.ends is None or self.ends > day)


def in_force(history: Sequence[Entry], day: date) -> Entry | None:
    """The last entry that has begun, unless it has ended; the history is in the order of its days, one entry a day."""
    begun = [entry for entry in history if entry.begins <= day]
    return begun[-1] if begun and begun[-1].holds_on(day) else None


def laid(
    history: Sequence[Entry],
    *,
    day: date,
    patch: Mapping[str, Any],
    reason: ChangeReason | None,
    ends: date | None,
) -> list[Entry]:
    """The entries to record when these parts of the position are said to hold from that day on.

    Each word makes an entry of its own day, and later entries that inherit a part have it too: so the order in which
    words about different days arrive makes no difference. Nothing to record for a word that was heard before.
    """
    held = in_force(history, day)
    same = held is not None and held.begins == day
    before = held.position if held else Position()
    rest = held.inherited if held and same else PARTS
    made = Entry(
        begins=day,
        ends=held.ends if held and same else ends,
        position=replace(before, **patch),
        inherited=rest.difference(patch),
        reason=reason or (held.reason if held and same else ChangeReason.OTHER),
    )
    following = [entry for entry in history if entry.begins > day]
    changed = [] if made == held else [made]
    return changed + _inheriting(made, following, patch)


def merged(history: Sequence[Entry], entries: Sequence[Entry]) -> list[Entry]:
    """The history with these entries in place of those of their days."""
    days = {entry.begins: entry for entry in (*history, *entries)}
    return [days[day] for day in sorted(days)]


def _inheriting(made: Entry, following: Sequence[Entry], patch: Mapping[str, Any]) -> list[Entry]:
    changed = []
    parts = dict(patch)
    for earlier, entry in pairwise((made, *following)):
        gap = earlier.ends is not None and earlier.ends <= entry.begins
        parts = {} if gap else {n: value for n, value in parts.items() if n in entry.inherited}
        if not parts:
            break
        moved = replace(entry, position=replace(entry.position, **parts))
        if moved != entry:
            changed.append(moved)
    return changed
