"""Interest codes with their ties, and the occupations that go with a profile."""

import time

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deploy.importers.onet_interests import interests
from deploy.importers.onet_tables import Release
from deploy.importers.rows import Row
from services.profile.assessments.interests import (
    AREAS,
    LETTERS,
    Fit,
    OccupationInterests,
    code_of,
    matches,
    profiles,
)
from tests.unit.profile.assessment_instruments import bundled, score

TECHNICIAN = {"R": 40, "I": 30, "A": 12, "S": 14, "E": 16, "C": 28}
COUNSELLOR = {"R": 12, "I": 24, "A": 26, "S": 46, "E": 24, "C": 16}
FOUNDER = {"R": 16, "I": 22, "A": 24, "S": 26, "E": 46, "C": 34}

six_scores = st.tuples(*[st.integers(10, 50)] * 6)


def named(scores):
    return dict(zip(LETTERS, scores, strict=True))


@pytest.mark.parametrize(
    ("scores", "code"),
    [
        ((50, 40, 30, 20, 15, 10), "RIA"),
        ((10, 20, 30, 40, 50, 45), "ECS"),
        ((50, 40, 40, 20, 15, 10), "R(IA)"),
        ((50, 40, 30, 30, 30, 10), "RI(ASE)"),
        ((50, 50, 30, 20, 15, 10), "(RI)A"),
        ((50, 50, 50, 50, 15, 10), "(RIAS)"),
        ((50, 40, 40, 40, 15, 10), "R(IAS)"),
    ],
)
def test_a_code_shows_ties_as_ties(scores, code):
    assert code_of(named(scores)).text == code
    assert not code_of(named(scores)).undifferentiated


def test_six_equal_scores_have_no_code_to_speak_of():
    found = code_of(named((30,) * 6))

    assert (found.text, found.undifferentiated) == ("(RIASEC)", True)


def test_prorated_scores_tie_as_they_are_shown():
    assert code_of(named((100 / 3, 33.33333, 30, 20, 15, 10))).text == "(RI)A"


def test_an_inventory_gives_its_code():
    liked = {"S": 5, "A": 4, "I": 3}
    answers = {item.key: liked.get(item.key[0], 1) for item in bundled("interests-60").items}

    result = score(bundled("interests-60"), answers)

    assert result.interest_code.text == "SAI"
    assert {each.code: each.raw for each in result.scales} == {
        "R": 10.0,
        "I": 30.0,
        "A": 40.0,
        "S": 50.0,
        "E": 10.0,
        "C": 10.0,
    }


def test_without_one_of_the_six_scores_there_is_no_code():
    answers = {item.key: 3 for item in bundled("interests-60").items if item.key[0] != "C"}

    assert score(bundled("interests-60"), answers).interest_code is None


def test_a_match_is_pearsons_correlation_and_its_reason_adds_up():
    likes, work = (40, 30, 12, 14, 16, 28), (6.5, 5.0, 1.2, 1.0, 2.2, 4.1)

    (found,) = matches(
        named(likes), profiles([OccupationInterests("17-3024.00", "Technicians", work)])
    )

    assert found.congruence == pytest.approx(np.corrcoef(likes, work)[0, 1], abs=5e-5)
    assert sum(found.contributions.values()) == pytest.approx(found.congruence, abs=4e-4)
    assert (found.code, found.fit) == ("RIC", Fit.STRONG)
    assert (found.shared, found.wanting, found.unused) == (("R", "I", "C"), (), ())
    assert (
        found.reason
        == "You and this work share Realistic, Investigative and Conventional interests."
    )


def test_what_does_not_agree_is_said_too():
    likes, work = (10, 10, 50, 40, 30, 10), (1, 2, 7, 1, 2, 6)

    (found,) = matches(named(likes), profiles([OccupationInterests("27-1000.00", "Makers", work)]))

    assert (found.shared, found.wanting, found.unused) == (("A",), ("C",), ("S", "E"))
    assert found.reason == (
        "You and this work share Artistic interests. It asks for more Conventional interests than you like. "
        "It leaves Social and Enterprising interests of yours unused."
    )


def test_an_opposite_profile_correlates_with_minus_one():
    opposite = OccupationInterests("00-0000.00", "Opposite", (1, 2, 3, 4, 5, 6))

    (found,) = matches(named((60, 50, 40, 30, 20, 10)), profiles([opposite]))

    assert (found.congruence, found.fit, found.shared) == (-1.0, Fit.WEAK, ())


def test_a_profile_without_differences_matches_nothing():
    flat = OccupationInterests("00-0000.00", "Flat", (4, 4, 4, 4, 4, 4))
    steep = OccupationInterests("00-0001.00", "Steep", (7, 1, 1, 1, 1, 1))

    assert matches(named((30,) * 6), profiles([steep])) == []
    assert matches(TECHNICIAN, profiles([flat])) == []
    assert matches(TECHNICIAN, profiles([])) == []


def test_equal_matches_come_by_their_code():
    twins = [OccupationInterests(code, code, (6, 5, 1, 1, 2, 4)) for code in ("b", "a", "c")]

    assert [each.title for each in matches(TECHNICIAN, profiles(twins))] == ["a", "b", "c"]


@given(six_scores, six_scores, st.integers(1, 9), st.integers(-50, 50))
def test_only_the_shape_of_a_profile_counts(likes, work, times, plus):
    assume(len(set(likes)) > 1 and len(set(work)) > 1)
    among = profiles([OccupationInterests("a", "A", work)])

    (plain,) = matches(named(likes), among)
    (scaled,) = matches(named([times * each + plus for each in likes]), among)

    assert scaled.congruence == pytest.approx(plain.congruence, abs=1e-4)
    assert -1 <= plain.congruence <= 1


@pytest.fixture(scope="module")
def occupations(data):
    release = Release.of_folder(data / "onet", None)
    rows = [row.fields for row in interests(release) if isinstance(row, Row)]
    return profiles(
        [
            OccupationInterests(
                row["onetSocCode"],
                row["title"],
                tuple(row[AREAS[letter].lower()] for letter in LETTERS),
            )
            for row in rows
        ]
    )


@pytest.mark.parametrize(
    ("likes", "first", "congruence"),
    [
        (TECHNICIAN, "Agricultural Technicians", 0.9922),
        (COUNSELLOR, "Communications Teachers, Postsecondary", 0.9491),
        (FOUNDER, "Fundraising Managers", 0.9909),
    ],
)
def test_the_923_occupations_of_onet_are_ranked_by_correlation(
    occupations, likes, first, congruence
):
    scores = np.array([each.scores for each in occupations.occupations])
    mine = np.array([likes[letter] for letter in LETTERS])
    everyone = np.array([np.corrcoef(mine, row)[0, 1] for row in scores])

    found = matches(likes, occupations, count=10)

    assert len(occupations.occupations) == 923
    assert (found[0].title, found[0].congruence) == (first, congruence)
    assert [each.congruence for each in found] == pytest.approx(
        sorted(everyone, reverse=True)[:10], abs=5e-5
    )


def test_ninety_nine_of_a_hundred_matches_take_under_twenty_milliseconds_of_a_processor(
    occupations,
):
    taken = []
    for _ in range(300):
        begun = time.process_time()
        matches(TECHNICIAN, occupations, count=20)
        taken.append(time.process_time() - begun)

    assert sorted(taken)[296] < 0.02
