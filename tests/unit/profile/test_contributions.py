"""What each piece of evidence does to a level, read from the trace alone; and what may never happen."""

from dataclasses import asdict
from datetime import timedelta
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.profile.skills.estimation import WEIGHTS, Evidence, decay
from services.profile.skills.events import ContributionTold
from services.profile.skills.rules import AssertionSource, EstimateRule
from tests.unit.profile.test_estimation import (
    OTHERS,
    TODAY,
    WEIGHTED,
    estimate,
    evidence,
    half_lives,
    rules,
    said,
)
from tests.unit.profile.trace_reader import recomputed

some_evidence = evidence.filter(bool)


def told(result):
    """The trace as the wire has it."""
    contributions = (ContributionTold(**asdict(each)) for each in result.contributions)
    return [each.model_dump(mode="json", by_alias=True) for each in contributions]


@given(evidence=evidence, rule=rules, half_life=half_lives)
def test_a_reader_of_the_trace_finds_level_mass_and_interval(evidence, rule, half_life):
    result = estimate(evidence, rule=rule, half_life_months=half_life, as_of=TODAY)

    found = recomputed(told(result))

    for wire, own in (
        ("level", result.level),
        ("mass", result.mass),
        ("variance", result.variance),
        ("intervalLow", result.interval_low),
        ("intervalHigh", result.interval_high),
    ):
        expected = found[wire]
        assert own == expected or isclose(own, expected, rel_tol=1e-12, abs_tol=1e-12), wire


@given(evidence=some_evidence, rule=rules, half_life=half_lives)
def test_without_a_piece_of_evidence_the_level_moves_by_exactly_its_shift(
    evidence, rule, half_life
):
    frame = {"rule": rule, "half_life_months": half_life, "as_of": TODAY}
    whole = estimate(evidence, **frame)

    for each in whole.contributions:
        rest = [word for word in evidence if word.id != each.assertion_id]
        without = estimate(rest, **frame)
        if without.level is None:
            assert (each.shift, each.level_without) == (None, None)
        else:
            assert each.level_without == without.level
            assert each.shift == whole.level - without.level


@given(evidence=some_evidence, half_life=half_lives)
def test_of_all_evidence_a_reader_finds_the_shifts_in_the_trace_too(evidence, half_life):
    result = estimate(evidence, rule=WEIGHTED, half_life_months=half_life, as_of=TODAY)
    trace = told(result)

    for each in trace:
        rest = recomputed([other for other in trace if other is not each])
        if rest["level"] is None:
            assert each["shift"] is None
        else:
            assert isclose(each["levelWithout"], rest["level"], abs_tol=1e-9)
            assert each["insteadId"] is None


@pytest.mark.parametrize(
    ("rule", "level", "shift", "instead"),
    [(EstimateRule.BEST, 4.0, 1.0, 3), (EstimateRule.LATEST, 1.0, -2.0, 3)],
)
def test_one_word_rules_name_what_would_take_the_words_place(rule, level, shift, instead):
    words = [
        said(1, AssertionSource.PROJECT, 4.0, 900),
        said(2, AssertionSource.PEER, 1.0, 10),
        said(3, AssertionSource.MANAGER, 3.0, 20),
    ]

    result = estimate(words, rule=rule, half_life_months=36, as_of=TODAY)

    (only,) = result.contributions
    assert (result.level, only.shift, only.level_without) == (level, shift, level - shift)
    assert only.instead_id == words[instead - 1].id


@given(evidence=some_evidence, rule=rules, half_life=half_lives)
def test_best_is_the_highest_level_and_latest_the_newest(evidence, rule, half_life):
    result = estimate(evidence, rule=rule, half_life_months=half_life, as_of=TODAY)

    if rule is EstimateRule.BEST:
        assert result.level == max(each.level for each in evidence)
    if rule is EstimateRule.LATEST:
        newest = max(evidence, key=lambda each: (each.occurred_on, each.id.bytes))
        assert (result.level, result.contributions[0].assertion_id) == (newest.level, newest.id)
    if rule is not EstimateRule.EVIDENCE_WEIGHTED:
        assert len(result.contributions) == 1
        assert result.interval_low <= result.level <= result.interval_high


@given(
    evidence=evidence,
    rule=rules,
    half_life=half_lives,
    source=st.sampled_from(OTHERS),
    above=st.floats(0, 1),
    age=st.integers(0, 4000),
    id=st.uuids(version=4),
)
def test_evidence_at_or_above_the_level_never_lowers_it(
    evidence, rule, half_life, source, above, age, id
):
    """That is what more positive evidence means under a mean: a word below the level is evidence against it."""
    frame = {"rule": rule, "half_life_months": half_life, "as_of": TODAY}
    before = estimate(evidence, **frame).level
    level = above * 5 if before is None else before + above * (5 - before)
    more = Evidence(id, source, min(5.0, level), TODAY - timedelta(days=age))

    after = estimate([*evidence, more], **frame)

    assert before is None or after.level >= before - 1e-12


@given(evidence=some_evidence, rule=rules, half_life=half_lives, place=st.integers(0, 11))
def test_a_higher_word_in_place_of_a_lower_one_never_lowers_the_level(
    evidence, rule, half_life, place
):
    frame = {"rule": rule, "half_life_months": half_life, "as_of": TODAY}
    at = place % len(evidence)
    old = evidence[at]
    raised = Evidence(old.id, old.source, (old.level + 5) / 2, old.occurred_on)

    before = estimate(evidence, **frame)
    after = estimate([*evidence[:at], raised, *evidence[at + 1 :]], **frame)

    assert after.level >= before.level - 1e-12


@given(evidence=some_evidence, half_life=half_lives, source=st.sampled_from(OTHERS))
def test_more_evidence_never_lowers_the_mass(evidence, half_life, source):
    frame = {"rule": WEIGHTED, "half_life_months": half_life, "as_of": TODAY}

    assert (
        estimate([*evidence, said(1, source, 2.5)], **frame).confidence
        > estimate(evidence, **frame).confidence
    )


@given(age=st.integers(0, 30_000), more=st.integers(0, 30_000), half_life=half_lives)
def test_older_evidence_never_weighs_more(age, more, half_life):
    newer = decay(TODAY - timedelta(days=age), TODAY, half_life)
    older = decay(TODAY - timedelta(days=age + more), TODAY, half_life)

    assert 0 < older <= newer <= 1


@given(
    evidence=some_evidence, rule=rules, half_life=st.integers(36, 240), days=st.integers(0, 2000)
)
def test_time_alone_only_widens_the_interval(evidence, rule, half_life, days):
    now = estimate(evidence, rule=rule, half_life_months=half_life, as_of=TODAY)
    later = estimate(
        evidence, rule=rule, half_life_months=half_life, as_of=TODAY + timedelta(days=days)
    )

    assert isclose(later.level, now.level, abs_tol=1e-9)
    assert later.mass <= now.mass
    assert later.interval_low <= now.interval_low + 1e-9
    assert later.interval_high >= now.interval_high - 1e-9
    shifts = [
        (a.shift is None and b.shift is None) or isclose(a.shift, b.shift, abs_tol=1e-9)
        for a, b in zip(now.contributions, later.contributions, strict=True)
    ]
    assert all(shifts)


@given(evidence=evidence, rule=rules, half_life=half_lives, source=st.sampled_from(OTHERS))
def test_a_source_without_weight_counts_under_no_rule(evidence, rule, half_life, source):
    frame = {"rule": rule, "half_life_months": half_life, "as_of": TODAY}
    silent = {**WEIGHTS, source: 0.0}

    result = estimate(evidence, **frame, weights=silent)

    others = [word for word in evidence if word.source is not source]
    assert result == estimate(others, **frame)
