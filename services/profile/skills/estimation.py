"""From evidence to a level: pure, and recomputable from the contributions alone.

The evidence model of Waymark: level = Σ(a·d·l) / Σ(a·d) over the contributions, with the source's weight a and the
decay d = 0.5 ^ (age / half-life); mass W = Σ(a·d); confidence = W / (W + 1); the 90 % interval is
level ± 1.64·√(variance / (W + ε)), cut to 0 to 5. All contributions to one skill share its half-life, so time alone
changes mass and interval, never the level; evidence that expires leaves in one step.

The rule of the framework says which evidence counts: EVIDENCE_WEIGHTED all of it, BEST the highest level (of equal
ones the newest), LATEST the newest. A source without weight counts under none of them. Each contribution states what
it does: `shift` = the level - the level without this piece, which under BEST and LATEST is that of the piece that would
take its place (`instead_id`). Without a piece there is no level left, so the shift of the only one is None.

The decay is the half-life of knowledge (Machlup 1962); mean and variance are those with reliability weights (GNU
Scientific Library, reference manual, "Weighted Samples"); 1.64 is the two-sided 90 % quantile of the normal law.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import fsum, sqrt
from typing import TypeAlias
from uuid import UUID

from services.profile.skills.rules import HIGHEST_LEVEL, AssertionSource, EstimateRule

ENGINE_VERSION = "2"
Weights: TypeAlias = Mapping[AssertionSource, float]
WEIGHTS: Weights = {
    AssertionSource.SELF: 0.25,
    AssertionSource.PEER: 0.5,
    AssertionSource.MANAGER: 0.7,
    AssertionSource.REPORT_360: 0.5,
    AssertionSource.ASSESSMENT: 0.8,
    AssertionSource.COURSE: 0.3,
    AssertionSource.CERTIFICATION: 0.9,
    AssertionSource.PROJECT: 0.9,
    AssertionSource.INFERRED: 0.25,
    AssertionSource.IMPORT: 0.5,
}
DAYS_A_MONTH = 365.25 / 12
VARIANCE_FLOOR = 0.25
"""Half a level of standard deviation: no evidence is sharper than that, however well it agrees."""
QUANTILE = 1.64
EPSILON = 1e-6
MOST_HALVINGS = 60.0
"""Keeps the oldest evidence above zero, so that a mean of it exists."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One confirmed assertion; `id` orders those of one day."""

    id: UUID
    source: AssertionSource
    level: float
    occurred_on: date


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one assertion adds, with the weight and decay that it entered with, and what would be without it."""

    assertion_id: UUID
    source: AssertionSource
    level: float
    weight: float
    decay: float
    occurred_on: date
    shift: float | None = None
    level_without: float | None = None
    instead_id: UUID | None = None

    @property
    def mass(self) -> float:
        return self.weight * self.decay


@dataclass(frozen=True, slots=True)
class Estimate:
    """Without contributions there is no level: unassessed, which is not zero."""

    level: float | None
    mass: float
    variance: float | None
    interval_low: float | None
    interval_high: float | None
    confidence: float
    contributions: tuple[Contribution, ...]


def estimate(
    evidence: Iterable[Evidence],
    *,
    rule: EstimateRule,
    half_life_months: int,
    as_of: date,
    weights: Weights = WEIGHTS,
) -> Estimate:
    """The level as of a day; the self series is the caller's to leave out."""
    words = [
        Contribution(
            assertion_id=each.id,
            source=each.source,
            level=each.level,
            weight=weights[each.source],
            decay=decay(each.occurred_on, as_of, half_life_months),
            occurred_on=each.occurred_on,
        )
        for each in sorted(evidence, key=lambda each: each.id.bytes)
        if weights[each.source] > 0
    ]
    whole = from_contributions(_chosen(words, rule))
    return replace(whole, contributions=tuple(_explained(whole, words, rule)))


def from_contributions(contributions: Sequence[Contribution]) -> Estimate:
    """The same numbers from the trace alone."""
    if not contributions:
        return Estimate(None, 0.0, None, None, None, 0.0, ())
    mass = fsum(each.mass for each in contributions)
    base = contributions[0].level  # the mean of equal levels is then that level, to the last digit
    level = _on_scale(base + fsum(each.mass * (each.level - base) for each in contributions) / mass)
    spread = fsum(each.mass * (each.level - level) ** 2 for each in contributions) / mass
    variance = max(VARIANCE_FLOOR, spread)
    reach = QUANTILE * sqrt(variance / (mass + EPSILON))
    return Estimate(
        level=level,
        mass=mass,
        variance=variance,
        interval_low=_on_scale(level - reach),
        interval_high=_on_scale(level + reach),
        confidence=mass / (mass + 1),
        contributions=tuple(contributions),
    )


def decay(occurred_on: date, as_of: date, half_life_months: int) -> float:
    """1 on the day itself, a half after one half-life; evidence of days to come counts as of today."""
    months = max(0, (as_of - occurred_on).days) / DAYS_A_MONTH
    return float(0.5 ** min(MOST_HALVINGS, months / half_life_months))


def _explained(
    whole: Estimate, words: Sequence[Contribution], rule: EstimateRule
) -> Iterator[Contribution]:
    """Each contribution with what would be without it: the same formula over the rest of the evidence."""
    for each in whole.contributions:
        rest = from_contributions(_chosen([word for word in words if word is not each], rule))
        if whole.level is None or rest.level is None:
            yield each
            continue
        one_word = rule is not EstimateRule.EVIDENCE_WEIGHTED
        yield replace(
            each,
            shift=whole.level - rest.level,
            level_without=rest.level,
            instead_id=rest.contributions[0].assertion_id if one_word else None,
        )


def _chosen(words: Sequence[Contribution], rule: EstimateRule) -> Sequence[Contribution]:
    if not words or rule is EstimateRule.EVIDENCE_WEIGHTED:
        return words
    if rule is EstimateRule.BEST:
        return [max(words, key=lambda each: (each.level, _age(each)))]
    return [max(words, key=_age)]


def _age(word: Contribution) -> tuple[date, bytes]:
    """Orders from old to new; of one day by the id, which grows with the time of recording."""
    return word.occurred_on, word.assertion_id.bytes


def _on_scale(level: float) -> float:
    return min(HIGHEST_LEVEL, max(0.0, level))
