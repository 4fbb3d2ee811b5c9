"""What was known of a skill on a day, from statements that are only ever added: pure.

Two times: `valid_at` is the day that the level is reckoned for, `known_at` the moment whose knowledge counts. A word
counts that had been recorded by then, stood or had stood by then and was not taken back or rejected by then, that
occurred up to the day and had not expired on it; of the words of one source and assessor the newest of that day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.profile.skills.rules import GONE, STANDING, AssertionSource, AssertionState


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a word's state."""

    from_state: AssertionState
    to_state: AssertionState
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class Word:
    """One statement on a skill of a person, with all its steps in the order of time."""

    id: UUID
    source: AssertionSource
    level: float
    assessor: tuple[UUID | None, str | None]
    own: bool
    occurred_on: date
    expires_on: date | None
    recorded_at: datetime
    state: AssertionState
    steps: tuple[Step, ...]


def words_on(words: Iterable[Word], *, valid_at: date, known_at: datetime) -> list[Word]:
    """Those that count, by ascending id; the self series among them."""
    newest: dict[tuple[object, ...], Word] = {}
    for word in words:
        if word.occurred_on > valid_at or not _had_stood(word, known_at):
            continue
        key = (word.source, *word.assessor)
        if key not in newest or _age(word) > _age(newest[key]):
            newest[key] = word
    standing = [
        word for word in newest.values() if word.expires_on is None or word.expires_on > valid_at
    ]
    return sorted(standing, key=lambda word: word.id.bytes)


def state_at(word: Word, known_at: datetime) -> AssertionState:
    """The state of a word that had been recorded by then."""
    later = (step.from_state for step in word.steps if step.taken_at > known_at)
    return next(later, word.state)


def _had_stood(word: Word, known_at: datetime) -> bool:
    if word.recorded_at > known_at:
        return False
    state = state_at(word, known_at)
    if state in GONE:
        return False
    if word.source is AssertionSource.SELF or state is AssertionState.CONFIRMED:
        return True
    if state in STANDING:
        return False
    ended = [
        step
        for step in word.steps
        if step.to_state is AssertionState.EXPIRED and step.taken_at <= known_at
    ]
    if state is AssertionState.EXPIRED:
        return ended[-1].from_state is AssertionState.CONFIRMED if ended else not word.own
    return True


def _age(word: Word) -> tuple[date, bytes]:
    return word.occurred_on, word.id.bytes
