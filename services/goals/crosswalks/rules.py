"""Which requirements follow their skill into another framework by themselves, and which are HR's to decide; pure.

A requirement moves where one skill of the new framework is the old one: it matches it exactly or replaces it. Then
level, importance and whether it is mandatory stay. Broader, narrower and related skills ask for something else: they
are reported. So is what several skills match, and what would make a role ask for one skill twice: which level counts?
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

EXACT, REPLACED = "EXACT_MATCH_OF", "REPLACED_BY"


class CrosswalkState(StrEnum):
    """WAITING for parts of the mapping that have not been told yet, RUNNING through the roles, DONE."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"


class Outcome(StrEnum):
    """What became of a requirement; all but MOVED stay as they were."""

    MOVED = "MOVED"
    AMBIGUOUS = "AMBIGUOUS"
    COLLIDES = "COLLIDES"
    ONLY_NEAR = "ONLY_NEAR"
    UNRELATED = "UNRELATED"


class Relation(NamedTuple):
    """A skill of the new framework; what the old one is to it or, `turned`, what it is to the old one."""

    skill_id: UUID
    type: str
    turned: bool

    @property
    def is_same(self) -> bool:
        return self.type == EXACT or (self.type == REPLACED and not self.turned)


class Decision(NamedTuple):
    """What becomes of one requirement; `target_id` is the skill that it moves to."""

    outcome: Outcome
    target_id: UUID | None = None


def decide(
    required: Collection[UUID], related: Mapping[UUID, Sequence[Relation]]
) -> dict[UUID, Decision]:
    """For each skill that a role requires and that is `related`, if only by nothing."""
    same = {
        skill: {each.skill_id for each in related[skill] if each.is_same}
        for skill in required
        if skill in related
    }
    comers = Counter(target for targets in same.values() for target in targets)
    taken = {target for target, count in comers.items() if count > 1} | set(required)
    return {skill: _decide(targets, related[skill], taken) for skill, targets in same.items()}


def _decide(
    targets: Collection[UUID], related: Sequence[Relation], taken: Collection[UUID]
) -> Decision:
    if not targets:
        return Decision(Outcome.ONLY_NEAR if related else Outcome.UNRELATED)
    if len(targets) > 1:
        return Decision(Outcome.AMBIGUOUS)
    (target,) = targets
    return Decision(Outcome.COLLIDES) if target in taken else Decision(Outcome.MOVED, target)
