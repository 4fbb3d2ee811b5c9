"""Scoring by hand: raw scores, reversed items, prorating, standard scores, and signs of carelessness."""

from math import erf, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.profile.assessments.answers import unanswered, wrong
from services.profile.assessments.carelessness import Sign
from services.profile.assessments.figures import Interval
from services.profile.assessments.instruments import Reliability
from services.profile.assessments.scoring import NotScorable
from tests.unit.profile.assessment_instruments import made, options, score, written

KEYS = [f"q{number}" for number in range(1, 11)]
THREES = dict.fromkeys(KEYS, 3)
some_answers = st.dictionaries(st.sampled_from(KEYS), st.integers(1, 5))
all_answers = st.fixed_dictionaries({key: st.integers(1, 5) for key in KEYS})


def scaled(answers, code="CALM", instrument=None, **more):
    result = score(instrument or made(), answers, **more)
    return next(each for each in result.scales if each.code == code)


def test_a_reversed_item_counts_the_other_way_round():
    answers = dict(zip(KEYS, [5, 4, 1, 3, 2, 5, 4, 3, 2, 2], strict=True))

    whole, half = score(made(), answers).scales

    assert whole.raw == 5 + 4 + (6 - 1) + 3 + 2 + 5 + 4 + 3 + 2 + (6 - 2)
    assert half.raw == (5 + 4 + 5 + 3 + 2) / 5
    assert (whole.lowest, whole.highest) == (10.0, 50.0)
    assert (half.lowest, half.highest) == (1.0, 5.0)


def test_a_standard_score_its_percentile_and_its_error_follow_from_the_norm():
    found = scaled(THREES | {"q1": 5, "q2": 5, "q4": 5})

    assert found.raw == 36
    assert found.standard == 50 + 10 * (36 - 30) / 5
    assert found.percentile == round(50 * (1 + erf(1.2 / sqrt(2))), 4) == 88.493
    assert found.sem == 5 * 0.4  # the root of 1 - 0.84
    assert found.interval == Interval(36 - 1.645 * 2, 36 + 1.645 * 2)
    assert found.standard_interval == Interval(62 - 1.645 * 4, 62 + 1.645 * 4)


def test_the_middle_of_a_norm_is_the_fiftieth_percentile():
    found = scaled(THREES)

    assert (found.standard, found.percentile) == (50.0, 50.0)


def test_one_in_ten_missing_is_prorated_and_says_so():
    answers = {key: 4 for key in KEYS if key != "q3"}

    found = scaled(answers)

    assert found.raw == round((8 * 4 + 2) / 9 * 10, 4) == 37.7778
    assert (found.answered, found.missing, found.prorated) == (9, 1, True)
    assert found.unscored is None


def test_more_than_a_tenth_missing_is_not_scored_and_says_why():
    answers = {key: 4 for key in KEYS if key not in {"q3", "q6"}}

    whole, half = score(made(), answers).scales

    assert (whole.raw, whole.standard, whole.sem, whole.interval) == (None, None, None, None)
    assert whole.unscored == "2 of 10 items have no answer; at most a tenth may be missing."
    assert half.unscored == "1 of 5 items have no answer; at most a tenth may be missing."
    assert not whole.prorated


def test_without_norms_there_are_raw_scores_alone():
    found = scaled(THREES, instrument=made(normGroups=[], normed=False, defaultNormGroup=None))

    assert (found.raw, found.standard, found.percentile) == (30.0, None, None)
    assert (found.sem, found.standard_interval) == (None, None)


def test_without_norms_a_reliability_with_its_deviation_gives_the_error_in_raw_points():
    live = {"HALF": Reliability(scale="HALF", alpha=0.75, sd=0.8, source="here")}

    found = scaled(THREES, "HALF", reliability=live)

    assert found.sem == 0.4
    assert found.interval == Interval(3 - 1.645 * 0.4, 3 + 1.645 * 0.4)
    assert found.standard_interval is None


def test_a_live_reliability_goes_before_the_published_one():
    live = {"CALM": Reliability(scale="CALM", alpha=0.91, source="here")}

    found = scaled(THREES, reliability=live)

    assert (found.sem, found.alpha, found.alpha_source) == (1.5, 0.91, "here")


def test_a_score_says_what_it_was_computed_with():
    found = scaled(THREES)

    assert (found.mean, found.sd, found.alpha, found.alpha_source) == (30, 5, 0.84, "Made up")


def test_an_option_counts_its_score_where_that_differs_from_its_value():
    shifted = {
        "options": [
            {"value": value, "label": str(value), "score": value - 1} for value in range(1, 6)
        ]
    }

    found = scaled(dict.fromkeys(KEYS, 5), instrument=made(response=shifted))

    assert found.raw == 8 * 4 + 2 * 0
    assert (found.lowest, found.highest) == (0.0, 40.0)


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"q1": 6}, "q1: Answer with one of 1, 2, 3, 4, 5."),
        ({"q1": True}, "q1: Answer with one of 1, 2, 3, 4, 5."),
        ({"q1": "3"}, "q1: Answer with one of 1, 2, 3, 4, 5."),
        ({"q11": 3}, "q11: calm 1 has no such item: send only its items' keys."),
    ],
)
def test_an_answer_that_is_none_is_not_scored(answers, sentence):
    with pytest.raises(NotScorable) as refused:
        score(made(), answers)

    assert str(refused.value) == sentence


def test_an_unknown_norm_group_is_named_with_those_that_are_known():
    with pytest.raises(NotScorable, match=r"normGroup: 'MEN' is no group of calm: name one of ALL"):
        score(made(), THREES, norm_group="MEN")


@pytest.mark.parametrize(
    ("form", "answer", "right"),
    [
        ("PAIR", "CALM", True),
        ("PAIR", "OTHER", False),
        ("RANKING", ["HALF", "CALM"], True),
        ("RANKING", ["HALF", "HALF"], False),
        ("RANKING", ["HALF"], False),
        ("RANKING", "HALF", False),
        ("TEXT", "Much.", True),
        ("TEXT", 3, False),
        ("TEXT", "x" * 20_001, False),
    ],
)
def test_an_answer_has_the_form_of_its_item(form, answer, right):
    choices = ["CALM", "HALF"] if form in {"PAIR", "RANKING"} else []
    item = {"key": "extra", "text": "?", "form": form, "choices": choices}
    instrument = made(items=[*written()["items"], item])

    assert (wrong(instrument, {"extra": answer}) == []) is right


def test_required_items_without_an_answer_are_named_in_their_order():
    items = [{"key": key, "text": "?", "required": key != "q2"} for key in KEYS]

    assert unanswered(made(items=items), dict.fromkeys(KEYS[3:], 1)) == ["q1", "q3"]


def test_a_long_run_and_little_spread_warn_and_the_scale_is_scored_all_the_same():
    result = score(made(), THREES)

    assert [(flag.sign, flag.figure, flag.limit) for flag in result.flags] == [
        (Sign.LONG_RUN, 10, 10),
        (Sign.LITTLE_SPREAD, 0.0, 0.4),
    ]
    assert result.scales[0].raw == 30


def test_answers_faster_than_reading_warn():
    answers = dict(zip(KEYS, [1, 2, 3, 4, 5, 1, 2, 3, 4, 5], strict=True))

    hasty = score(made(), answers, timings=dict.fromkeys(KEYS, 1.5))
    steady = score(made(), answers, timings=dict.fromkeys(KEYS, 2.0))

    assert [(flag.sign, flag.figure) for flag in hasty.flags] == [(Sign.FAST, 1.5)]
    assert steady.flags == ()


def test_careful_answers_have_no_flags():
    assert score(made(), dict(zip(KEYS, [1, 5, 2, 4, 3, 3, 5, 1, 4, 2], strict=True))).flags == ()


@given(all_answers)
def test_reversing_every_answer_mirrors_every_score(answers):
    mirrored = {key: 6 - value for key, value in answers.items()}

    for here, there in zip(
        score(made(), answers).scales, score(made(), mirrored).scales, strict=True
    ):
        assert here.raw + there.raw == pytest.approx(here.lowest + here.highest, abs=1e-4)


@given(all_answers)
def test_reversing_a_key_and_its_answer_changes_nothing(answers):
    plain = written()
    for scale in plain["scales"]:
        scale["items"] = [each | {"reversed": not each["reversed"]} for each in scale["items"]]
    mirrored = {key: 6 - value for key, value in answers.items()}

    assert score(made(**plain), mirrored).scales == score(made(), answers).scales


@given(some_answers, st.randoms())
def test_the_order_of_answers_never_matters(answers, chance):
    shuffled = list(answers.items())
    chance.shuffle(shuffled)

    assert score(made(), dict(shuffled)) == score(made(), answers)


@given(some_answers)
def test_a_scale_is_scored_exactly_when_at_most_a_tenth_is_missing(answers):
    for found in score(made(), answers).scales:
        assert (found.raw is not None) is (found.missing * 10 <= found.items)
        assert found.prorated is (found.raw is not None and found.missing > 0)
        assert found.raw is None or found.lowest <= found.raw <= found.highest


def test_an_unanswered_scale_of_two_options_reaches_from_none_to_all():
    found = scaled({}, instrument=made(response=options(0, 1)))

    assert (found.raw, found.lowest, found.highest) == (None, 0.0, 10.0)
