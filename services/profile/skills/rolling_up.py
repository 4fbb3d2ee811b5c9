"""From the levels of the skills below one to its level: pure, and recomputable from the parts alone.

A skill stands for its own level where it has evidence, else for what the skills below it roll up to. Over the assessed
skills right below it, the framework's rule gives each a share: MEAN equal ones, WEIGHTED by the skills' weights; what
lies deeper has the product of the shares on its way up. The parts are the skills with evidence that are reached so:

    MEAN, WEIGHTED   level    = rounded(sum(share * level))
                     half     = rounded(sqrt(sum((share * half) ** 2)))   GUM (JCGM 100), 5.1.2
                     interval = max(0, rounded(level - half)), min(5, rounded(level + half))
    MIN              level    = the lowest level of a part
                     interval = the lowest of the parts' lower ends, the lowest of their upper ends

Sums run by ascending skill id, in IEEE 754 double precision; `rounded` is to nine decimals. `unassessed_share` is the
part of what lies below, by the rule's weights, that nobody has assessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from uuid import UUID

from services.profile.skills.rules import HIGHEST_LEVEL, RollUp

SCALE = 1e9


@dataclass(frozen=True, slots=True)
class Part:
    """A skill with evidence: how much it counts, its level, half the width of its interval before it is cut."""

    skill_id: UUID
    share: float
    level: float
    half: float


@dataclass(frozen=True, slots=True)
class RolledUp:
    """The level of the skill above."""

    level: float
    interval_low: float
    interval_high: float


def rolled_up(parts: Sequence[Part], rule: RollUp) -> RolledUp:
    """There is at least one part."""
    ordered = sorted(parts, key=lambda part: part.skill_id.bytes)
    if rule is RollUp.MIN:
        return RolledUp(
            min(part.level for part in ordered),
            min(_low(part.level, part.half) for part in ordered),
            min(_high(part.level, part.half) for part in ordered),
        )
    level, squares = 0.0, 0.0
    for part in ordered:
        level += part.share * part.level
        squares += (part.share * part.half) ** 2
    level, half = rounded(level), rounded(sqrt(squares))
    return RolledUp(level, _low(level, half), _high(level, half))


def rounded(value: float) -> float:
    return round(value * SCALE) / SCALE


def _low(level: float, half: float) -> float:
    return max(0.0, rounded(level - half))


def _high(level: float, half: float) -> float:
    return min(HIGHEST_LEVEL, rounded(level + half))
