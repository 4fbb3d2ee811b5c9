"""The evidence model: exact values by hand, and properties on random evidence."""

from datetime import date, timedelta
from math import isclose, sqrt
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.profile.skills import estimation
from services.profile.skills.estimation import (
    DAYS_A_MONTH,
    EPSILON,
    VARIANCE_FLOOR,
    WEIGHTS,
    Evidence,
    decay,
    from_contributions,
)
from services.profile.skills.rules import AssertionSource, EstimateRule, course_level

TODAY = date(2026, 11, 22)
WEIGHTED = EstimateRule.EVIDENCE_WEIGHTED
OTHERS = [source for source in AssertionSource if source is not AssertionSource.SELF]

evidence = st.lists(
    st.builds(
        Evidence,
        id=st.uuids(version=4),
        source=st.sampled_from(OTHERS),
        level=st.floats(0, 5),
        occurred_on=st.dates(date(1990, 1, 1), TODAY),
    ),
    unique_by=lambda each: each.id,
    max_size=12,
)
rules = st.sampled_from(EstimateRule)
half_lives = st.integers(1, 240)


def estimate(words, **frame) -> Any:
    return estimation.estimate(words, **frame)


def said(number, source, level, days_ago=0):
    return Evidence(UUID(int=number), source, level, TODAY - timedelta(days=days_ago))


def test_a_managers_word_and_a_test_weigh_seven_to_eight():
    result = estimate(
        [said(1, AssertionSource.MANAGER, 2.0), said(2, AssertionSource.ASSESSMENT, 4.0)],
        rule=WEIGHTED,
        half_life_months=36,
        as_of=TODAY,
    )

    level = (0.7 * 2 + 0.8 * 4) / 1.5
    variance = (0.7 * (2 - level) ** 2 + 0.8 * (4 - level) ** 2) / 1.5
    reach = 1.64 * sqrt(variance / (1.5 + EPSILON))
    assert isclose(result.level, level)
    assert isclose(result.mass, 1.5)
    assert isclose(result.variance, variance)
    assert isclose(result.confidence, 0.6)
    assert isclose(result.interval_low, level - reach)
    assert isclose(result.interval_high, level + reach)


def test_without_evidence_the_level_is_unassessed_and_not_zero():
    result = estimate([], rule=WEIGHTED, half_life_months=36, as_of=TODAY)

    assert (result.level, result.mass, result.confidence) == (None, 0.0, 0.0)
    assert (result.variance, result.interval_low, result.interval_high) == (None, None, None)


@pytest.mark.parametrize(
    ("rule", "level"),
    [(EstimateRule.BEST, 4.0), (EstimateRule.LATEST, 1.0)],
)
def test_best_and_latest_rest_on_one_assertion(rule, level):
    result = estimate(
        [said(1, AssertionSource.PROJECT, 4.0, 900), said(2, AssertionSource.PEER, 1.0, 10)],
        rule=rule,
        half_life_months=36,
        as_of=TODAY,
    )

    assert (result.level, result.variance) == (level, VARIANCE_FLOOR)
    assert len(result.contributions) == 1


def test_evidence_weighs_half_after_its_half_life():
    day = TODAY - timedelta(days=round(36 * DAYS_A_MONTH))

    assert isclose(decay(day, TODAY, 36), 0.5, rel_tol=1e-3)
    assert decay(TODAY, TODAY, 36) == 1.0
    assert decay(TODAY + timedelta(days=9), TODAY, 36) == 1.0


@pytest.mark.parametrize(
    ("known", "own", "delta", "level"),
    [(2.0, 4.0, 0.5, 2.5), (None, 3.0, 0.5, 3.5), (None, None, 0.5, 0.5), (4.8, None, 0.5, 5.0)],
)
def test_a_course_adds_to_what_is_known(known, own, delta, level):
    assert course_level(known, own, delta) == level


def test_every_source_has_a_weight():
    assert WEIGHTS.keys() == set(AssertionSource)


@given(evidence=evidence, rule=rules, half_life=half_lives)
def test_the_trace_recomputes_to_the_same_numbers(evidence, rule, half_life):
    result = estimate(evidence, rule=rule, half_life_months=half_life, as_of=TODAY)

    assert from_contributions(result.contributions) == result


@given(evidence=evidence, rule=rules, half_life=half_lives)
def test_the_numbers_stay_on_the_scale_and_around_the_evidence(evidence, rule, half_life):
    result = estimate(evidence, rule=rule, half_life_months=half_life, as_of=TODAY)

    if not evidence:
        assert result.level is None
        return
    levels = [each.level for each in evidence]
    assert min(levels) - 1e-9 <= result.level <= max(levels) + 1e-9
    assert 0 <= result.interval_low <= result.level <= result.interval_high <= 5
    assert result.variance >= VARIANCE_FLOOR
    assert 0 < result.confidence < 1


@given(evidence=evidence, rule=rules, half_life=half_lives)
def test_the_order_of_the_evidence_does_not_matter(evidence, rule, half_life):
    results = [
        estimate(given, rule=rule, half_life_months=half_life, as_of=TODAY)
        for given in (evidence, evidence[::-1])
    ]

    assert results[0] == results[1]


@given(evidence=evidence, half_life=st.integers(36, 240), days=st.integers(0, 2000))
def test_time_alone_moves_mass_and_never_the_level(evidence, half_life, days):
    now = estimate(evidence, rule=WEIGHTED, half_life_months=half_life, as_of=TODAY)
    later = estimate(
        evidence, rule=WEIGHTED, half_life_months=half_life, as_of=TODAY + timedelta(days=days)
    )

    if now.level is None:
        assert later.level is None
        return
    factor = 0.5 ** (days / DAYS_A_MONTH / half_life)
    assert isclose(later.level, now.level, abs_tol=1e-9)
    assert isclose(later.variance, now.variance, abs_tol=1e-9)
    assert isclose(later.mass, now.mass * factor, rel_tol=1e-9)


@given(evidence=evidence, half_life=half_lives, source=st.sampled_from(OTHERS))
def test_one_more_agreeing_word_raises_confidence(evidence, half_life, source):
    before = estimate(evidence, rule=WEIGHTED, half_life_months=half_life, as_of=TODAY)
    more = said(1, source, before.level if before.level is not None else 3.0)
    after = estimate([*evidence, more], rule=WEIGHTED, half_life_months=half_life, as_of=TODAY)

    assert after.confidence > before.confidence
    if before.level is not None:
        assert isclose(after.level, before.level, abs_tol=1e-9)
