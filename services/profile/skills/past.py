"""Levels of a day from all that had been said by then: pure, for whoever has read it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.profile.skills.estimation import (
    ENGINE_VERSION,
    Estimate,
    Evidence,
    Weights,
    estimate,
)
from services.profile.skills.history import Word, words_on
from services.profile.skills.level_schemas import GrowthRead, PastLevelRead
from services.profile.skills.rules import (
    DEFAULT_HALF_LIFE_MONTHS,
    AssertionSource,
    EstimateRule,
)


@dataclass(frozen=True, slots=True)
class Frame:
    """How a skill's evidence becomes a level."""

    half_life_months: int | None
    rule: EstimateRule


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a person, by skill; whether the reader may see the person's own word."""

    person_id: UUID
    words: Mapping[UUID, Sequence[Word]]
    with_self: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """A day by what was known at an instant, with the weights and frames that were in force then."""

    valid_at: date
    known_at: datetime
    weights_version: int
    weights: Weights
    frames: Mapping[UUID, Frame]


def levels(said: Said, moment: Moment) -> list[PastLevelRead]:
    """By ascending skill; of whom nothing is known, nothing is told."""
    found = []
    for skill_id in sorted(said.words):
        counted = words_on(said.words[skill_id], valid_at=moment.valid_at, known_at=moment.known_at)
        if counted:
            level = _level(counted, moment.frames[skill_id], moment, with_self=said.with_self)
            names = {"person_id": said.person_id, "skill_id": skill_id}
            found.append(PastLevelRead.model_validate(level | names))
    return [each for each in found if each.level is not None or each.self_level is not None]


def growth(before: Sequence[PastLevelRead], now: Sequence[PastLevelRead]) -> list[GrowthRead]:
    """By ascending skill."""
    old, new = ({each.skill_id: each for each in found} for found in (before, now))
    return [
        GrowthRead(skill_id=skill_id, before=old.get(skill_id), now=new.get(skill_id))
        for skill_id in sorted(old.keys() | new.keys())
    ]


def _level(
    counted: Sequence[Word], frame: Frame, moment: Moment, *, with_self: bool
) -> dict[str, Any]:
    half_life = frame.half_life_months or DEFAULT_HALF_LIFE_MONTHS
    own = [word for word in counted if word.source is AssertionSource.SELF]
    result: Estimate = estimate(
        (
            Evidence(word.id, word.source, word.level, word.occurred_on)
            for word in counted
            if word.source is not AssertionSource.SELF
        ),
        rule=frame.rule,
        half_life_months=half_life,
        as_of=moment.valid_at,
        weights=moment.weights,
    )
    newest = max(own, key=lambda word: (word.occurred_on, word.id.bytes), default=None)
    return asdict(result) | {
        "self_level": newest.level if newest is not None and with_self else None,
        "as_of": moment.valid_at,
        "known_at": moment.known_at,
        "half_life_months": half_life,
        "rule": frame.rule,
        "engine_version": ENGINE_VERSION,
        "weights_version": moment.weights_version,
    }
