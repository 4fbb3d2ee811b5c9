"""The vocabulary and the constants of the gap: what a reader needs to recompute every number from its trace.

Every number that is computed is rounded to nine decimals by `rounded`, and what follows is computed from the rounded
numbers, in IEEE 754 double precision, in the order written here:

    asIs       = rounded(level)
    factor     = rounded(0.5 ** min(days / DAYS_A_MONTH / halfLifeMonths, MOST_HALVINGS)), or 1 without a half-life
    mass       = rounded(evidence mass * factor)
    confidence = rounded(mass / (mass + 1))
    half       = rounded(Z * sqrt(variance / (mass + EPSILON)))
    low, high  = max(0, rounded(asIs - half)), min(5, rounded(asIs + half))
    gap        = rounded(max(0, required - asIs))
    readiness  = rounded(1 - sum(weight * gap) / sum(weight * required)), over the assessed skills

Sums run by ascending skill id. The interval of the readiness propagates each skill's own, first order and independent,
each side for itself because a gap cannot fall below zero:

    down = rounded(max(0, required - low)) - gap         up = gap - rounded(max(0, required - high))
    readinessLow  = max(0, rounded(readiness - sqrt(sum((weight * down) ** 2)) / sum(weight * required)))
    readinessHigh = min(1, rounded(readiness + sqrt(sum((weight * up) ** 2)) / sum(weight * required)))

unassessedShare is the part of sum(weight * required), over all skills, that has no estimate.
Source: design/algorithms.md, section 2; propagation as in JCGM 100:2008 (GUM), 5.1.2.
"""

from enum import StrEnum

ENGINE_VERSION = "gap-1"
Z = 1.64
EPSILON = 1e-6
DAYS_A_MONTH = 30.4375
MOST_HALVINGS = 100.0
SCALE = 1e9
LOWEST, HIGHEST = 0.0, 5.0


EXPERIENCE_KINDS = frozenset(
    {
        "EMPLOYMENT", "PART_TIME", "VOLUNTEER", "PROJECT", "ROTATION", "COMMITTEE", "TASK_FORCE",
        "EDUCATION", "LIFE",
    }
)  # fmt: skip
"""Kinds of records, as profile names them; part-time employment is employment."""
ANY_WORK = frozenset({"ANY", "WORK"})
LEADING = frozenset({"LEADERSHIP", "LEADING", "MANAGEMENT", "PEOPLE_MANAGEMENT", "TEAM_LEADERSHIP"})
"""What asks for somebody who has led people, in whatever kind of work."""
NOT_WORK = frozenset({"EDUCATION", "LIFE"})


class TargetType(StrEnum):
    """What somebody is measured against."""

    CURRENT_ROLE = "CURRENT_ROLE"
    TARGET_ROLE = "TARGET_ROLE"
    CUSTOM = "CUSTOM"


class GapStatus(StrEnum):
    """How a level stands to what is required; a skill without evidence is not a skill at zero."""

    UNASSESSED = "UNASSESSED"
    MET = "MET"
    GAP = "GAP"
    EXCEEDS = "EXCEEDS"


class RecordStatus(StrEnum):
    """How records stand to required experience or a credential."""

    MET = "MET"
    PARTLY = "PARTLY"
    UNVERIFIED = "UNVERIFIED"
    MISSING = "MISSING"


class RoleGapStatus(StrEnum):
    """How what one role asks stands to what another one asks."""

    NEW = "NEW"
    GAP = "GAP"
    MET = "MET"
    EXCEEDS = "EXCEEDS"


class BlockerKind(StrEnum):
    """What stands in the way."""

    SKILL = "SKILL"
    EXPERIENCE = "EXPERIENCE"
    CREDENTIAL = "CREDENTIAL"


def rounded(value: float) -> float:
    """Nine decimals, halves to even, with the same three operations as in SQL: bit for bit the same."""
    return round(value * SCALE) / SCALE
