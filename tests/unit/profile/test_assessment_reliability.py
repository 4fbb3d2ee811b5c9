"""Alpha and omega: exact by hand, on generated data of known reliability, and from sums alone."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.profile.assessments.reliability import (
    Basis,
    Moments,
    ScaleReliability,
    alpha,
    covariance,
    moments,
    of_instrument,
    omega,
)
from tests.unit.profile.assessment_instruments import bundled, made

SEED = 20261122
PERSONS = 20_000
BY_HAND = [[1, 2, 1], [2, 3, 3], [3, 3, 4], [4, 4, 4]]
"""Item variances 5/3, 2/3 and 2, variance of the sums 35/3: alpha = 3/2 * (1 - 13/35) = 33/35."""
matrices = st.integers(3, 6).flatmap(
    lambda items: st.lists(
        st.lists(st.integers(1, 5), min_size=items, max_size=items), min_size=2, max_size=12
    )
)


def population(loadings, deviations=None):
    """The covariances of items with these loadings on one factor."""
    wide = np.outer(loadings, loadings)
    np.fill_diagonal(wide, 1.0)
    scale = np.ones(len(loadings)) if deviations is None else np.array(deviations)
    return wide * np.outer(scale, scale)


def generated(loadings):
    chance = np.random.default_rng(SEED)
    loads = np.array(loadings)
    factor = chance.normal(size=(PERSONS, 1))
    noise = chance.normal(size=(PERSONS, len(loads)))
    return factor * loads + noise * np.sqrt(1 - loads**2)


def known_alpha(loadings):
    whole = population(loadings)
    items = len(loadings)
    return items / (items - 1) * (1 - items / whole.sum())


def known_omega(loadings):
    return sum(loadings) ** 2 / population(loadings).sum()


def test_alpha_of_a_small_matrix_is_what_one_computes_by_hand():
    assert alpha(covariance(BY_HAND)) == pytest.approx(33 / 35, abs=1e-12)


@pytest.mark.parametrize("loadings", [[0.7] * 6, [0.5] * 10, [0.8, 0.7, 0.6, 0.5, 0.4, 0.3]])
def test_generated_answers_have_the_alpha_and_omega_that_they_were_generated_with(loadings):
    found = covariance(generated(loadings).tolist())

    assert alpha(found) == pytest.approx(known_alpha(loadings), abs=0.01)
    assert omega(found) == pytest.approx(known_omega(loadings), abs=0.01)


@pytest.mark.parametrize("deviations", [None, [1.0, 2.0, 0.5, 3.0]])
def test_omega_of_one_exact_factor_is_exact(deviations):
    loadings = [0.8, 0.7, 0.6, 0.5]
    scale = deviations or [1.0] * 4
    common = sum(load * each for load, each in zip(loadings, scale, strict=True)) ** 2

    found = omega(population(loadings, deviations))

    assert found == pytest.approx(common / population(loadings, deviations).sum(), abs=1e-9)


def test_equal_loadings_make_alpha_and_omega_one_number():
    whole = population([0.6] * 5)

    assert omega(whole) == pytest.approx(alpha(whole), abs=1e-9)


def test_unequal_loadings_make_alpha_the_lower_bound():
    whole = population([0.9, 0.8, 0.3, 0.2])

    lower, upper = alpha(whole), omega(whole)

    assert lower is not None
    assert upper is not None
    assert lower < upper


def test_an_item_that_never_varies_leaves_omega_unknown():
    rows = [[1, 2, 3], [1, 3, 4], [1, 5, 5]]

    assert omega(covariance(rows)) is None
    assert alpha(covariance(rows)) is not None


def test_what_does_not_vary_at_all_has_no_alpha():
    assert alpha(covariance([[3, 3], [3, 3]])) is None


def test_two_items_have_an_alpha_and_no_omega():
    found = covariance([[1, 2], [2, 2], [3, 4]])

    assert omega(found) is None
    assert alpha(found) is not None


@given(matrices)
def test_sums_tell_the_same_as_the_whole_matrix(rows):
    sums = Moments.none(len(rows[0]))
    for row in rows:
        sums = sums.plus(row)

    assert np.allclose(sums.covariance(), covariance(rows), atol=1e-9)


@given(matrices)
def test_a_session_that_is_taken_back_leaves_no_trace(rows):
    kept = Moments.none(len(rows[0])).plus(rows[0])

    assert kept.plus(rows[1]).plus(rows[1], times=-1) == kept


@given(matrices, st.randoms())
def test_the_order_of_persons_never_matters(rows, chance):
    shuffled = list(rows)
    chance.shuffle(shuffled)

    assert np.allclose(covariance(rows), covariance(shuffled), atol=1e-9)


def sessions(count, instrument):
    chance = random.Random(SEED)
    found = []
    for _ in range(count):
        leaning = chance.randint(-1, 1)
        found.append(
            {
                item.key: min(5, max(1, 3 + leaning + chance.randint(-1, 1)))
                for item in instrument.items
            }
        )
    return found


def test_below_a_hundred_sessions_the_published_value_stands_with_its_source():
    instrument = made()

    calm, half = of_instrument(instrument, moments(instrument, sessions(99, instrument)))

    assert calm == ScaleReliability("CALM", Basis.PUBLISHED, 0.84, None, None, 99, "Made up")
    assert half == ScaleReliability(
        "HALF", Basis.NOT_YET_KNOWN, None, None, None, 99, "needs 100 complete sessions"
    )


def test_from_a_hundred_sessions_on_the_own_ones_count():
    instrument = bundled("interests-60")
    given_answers = sessions(100, instrument)

    found = of_instrument(instrument, moments(instrument, given_answers))

    rows = [[each[f"R{at:02d}"] for at in range(1, 11)] for each in given_answers]
    realistic = found[0]
    assert (realistic.scale, realistic.basis, realistic.sessions) == ("R", Basis.LIVE, 100)
    assert realistic.alpha == pytest.approx(alpha(covariance(rows)), abs=5e-5)
    assert realistic.omega == pytest.approx(omega(covariance(rows)), abs=5e-5)
    assert realistic.sd == pytest.approx(np.std([sum(row) for row in rows], ddof=1), abs=5e-5)
    assert realistic.source == "100 complete sessions here"


def test_a_session_with_a_gap_enters_only_the_scales_without_one():
    instrument = made()
    whole = dict.fromkeys((item.key for item in instrument.items), 3)

    found = moments(instrument, [whole, {k: v for k, v in whole.items() if k != "q9"}])

    assert (found["CALM"].count, found["HALF"].count) == (1, 2)


def test_reversed_items_are_turned_before_they_are_summed():
    instrument = made()
    strong = {item.key: 5 for item in instrument.items} | {"q3": 1, "q10": 1}

    found = moments(instrument, [strong])["CALM"]

    assert found.sums == (5.0,) * 10


def test_rankings_and_pairs_have_no_internal_consistency():
    assert of_instrument(bundled("work-values-pairs"), {}) == ()
    assert of_instrument(bundled("work-values-ranking"), {}) == ()
