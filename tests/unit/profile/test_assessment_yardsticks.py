"""Our figures beside those of independent packages, for the same generated answers; and scales that say nothing.

The figures were computed with pingouin 0.7.0 (`cronbach_alpha`), factor_analyzer 0.5.1 (one factor, `minres`; omega of
McDonald from its loadings and the items' deviations) and scipy 1.17.1 (`norm.cdf`).
"""

import json
import random

import pytest

from services.profile.assessments import reporting
from services.profile.assessments.instruments import Instrument, Reliability
from services.profile.assessments.reliability import Basis, moments, of_instrument
from services.profile.assessments.scoring import score
from tests.unit.profile.assessment_instruments import written

ALONE = {"normGroups": [], "normed": False, "defaultNormGroup": None, "reliability": []}


def instrument(items, scores, *, turned=(), **further):
    """One scale of so many items; option n counts `scores[n]`."""
    keys = [f"q{number}" for number in range(items)]
    aggregator = further.pop("aggregator", "SUM")
    keyed = [{"key": key, "reversed": at in turned} for at, key in enumerate(keys)]
    options = [{"value": n, "label": f"Option {n}", "score": s} for n, s in enumerate(scores)]
    return Instrument.model_validate(
        written(
            items=[{"key": key, "text": "?"} for key in keys],
            response={"options": options},
            scales=[{"code": "CALM", "name": "Calm", "items": keyed, "aggregator": aggregator}],
            **ALONE | further,
        )
    )


def generated(items, options, persons, *, loading, turned=(), seed=20261122):
    """Answers as numbers of options, of one factor; turned items answered the other way round."""
    dice, found = random.Random(seed), []
    for _ in range(persons):
        factor = dice.gauss(0, 1)
        row = {}
        for at in range(items):
            seen = loading * factor + dice.gauss(0, (1 - loading**2) ** 0.5)
            option = min(options - 1, max(0, round((options - 1) * (0.5 + seen / 4))))
            row[f"q{at}"] = options - 1 - option if at in turned else option
        found.append(row)
    return found


def live(one, answers):
    (found,) = of_instrument(one, moments(one, answers))
    return found


@pytest.mark.parametrize(
    ("items", "options", "persons", "loading", "turned", "alpha", "omega", "deviation"),
    [
        (5, 5, 300, 0.7, (2,), 0.7983, 0.7991, 3.7042),
        (8, 5, 150, 0.6, (0, 7), 0.7548, 0.756, 4.7748),
        (10, 7, 600, 0.6, (1, 3, 5), 0.8266, 0.8267, 9.0707),
        (4, 2, 200, 0.8, (0,), 0.764, 0.7673, 1.5334),
        (6, 5, 250, 0.0, (), 0.0923, 0.1393, 2.5181),
    ],
)
def test_alpha_omega_and_deviation_are_those_of_the_packages(
    items, options, persons, loading, turned, alpha, omega, deviation
):
    answers = generated(items, options, persons, loading=loading, turned=turned)

    found = live(instrument(items, range(options), turned=turned), answers)

    assert (found.basis, found.sessions) == (Basis.LIVE, persons)
    assert (found.alpha, found.sd) == (alpha, deviation)
    assert found.omega == pytest.approx(omega, abs=1e-4)


@pytest.mark.parametrize(
    ("lowest", "raw", "t", "percentile", "sem", "low", "high"),
    [
        (0, 11.0, 36.5957, 9.0054, 1.9379, 7.8122, 14.1878),
        (1, 20.0, 55.7447, 71.7174, 1.9379, 16.8122, 23.1878),
    ],
)
def test_scores_on_other_ranges_are_those_of_the_packages(
    lowest, raw, t, percentile, sem, low, high
):
    """Options 0 to 4 and 1 to 7, every second item turned round."""
    steps = range(lowest, 5 if lowest == 0 else 8)
    norms = [{"scale": "CALM", "mean": 17.3, "sd": 4.7}]
    one = instrument(
        5,
        steps,
        turned=(1, 3),
        normed=True,
        normGroups=[{"code": "ALL", "name": "Everyone", "source": "?", "norms": norms}],
        defaultNormGroup="ALL",
        reliability=[{"scale": "CALM", "alpha": 0.83, "source": "?"}],
    )
    answers = {"q0": len(steps) - 1, "q1": 0, "q2": 2, "q3": len(steps) - 1, "q4": 1}

    (found,) = score(one, answers).scales

    assert (found.raw, found.standard, found.percentile, found.sem) == (raw, t, percentile, sem)
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == (low, high)


def same(persons, **answers):
    return [answers] * persons


@pytest.mark.parametrize(
    ("one", "answers"),
    [
        (instrument(4, (333.1, 2)), same(101, q0=0, q1=0, q2=0, q3=0)),
        (instrument(4, (0.1, 0.7)), same(137, q0=1, q1=0, q2=1, q3=0)),
        (instrument(3, (999_999.7, 0)), same(137, q0=0, q1=0, q2=0)),
        (instrument(2, (1, 2)), [{"q0": n % 2, "q1": 1 - n % 2} for n in range(100)]),
        (instrument(3, (5, 5)), [{"q0": n % 2, "q1": n % 3 % 2, "q2": 0} for n in range(100)]),
    ],
)
def test_a_scale_that_does_not_vary_has_no_reliability(one, answers):
    found = live(one, answers)

    assert (found.basis, found.alpha, found.omega) == (Basis.NOT_YET_KNOWN, None, None)


def test_items_that_contradict_each_other_have_a_negative_alpha_which_scores_nothing():
    answers = [{f"q{at}": (n + (at > 1)) % 2 for at in range(5)} for n in range(100)]

    found = live(instrument(5, (1, 2)), answers)

    assert (found.alpha, found.as_published()) == (-5.0, None)


@pytest.mark.parametrize("scores", [(0, 0.00001), (0, 1_000_000), (-1_000_000, 1_000_000)])
def test_a_result_of_any_scores_is_json_without_nan(scores):
    """A deviation that rounds to nothing gives no error of measurement rather than none at all."""
    answers = generated(3, 2, 100, loading=0.6)
    one = instrument(3, scores, aggregator="MEAN")
    known = live(one, answers).as_published()
    assert isinstance(known, Reliability)

    report = reporting.of_scored(one, score(one, answers[0], reliability={"CALM": known}))

    assert json.loads(json.dumps(report, allow_nan=False)) == report
