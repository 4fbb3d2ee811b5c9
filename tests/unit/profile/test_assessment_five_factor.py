"""The Big Five beside the package five-factor-e: its own output for fixed answers, and its norms."""

import copy
import random

import pytest
from ipipneo import IpipNeo
from ipipneo.facet import Facet
from ipipneo.model import QuestionNumber
from ipipneo.norm import Norm

from services.profile.assessments.figures import percentile
from services.profile.assessments.scoring import score
from tests.unit.profile.assessment_instruments import bundled

AGES = {"UNDER_21": 18, "21_TO_40": 40, "41_TO_60": 41, "OVER_60": 75}
SEXES = {"MEN": "M", "WOMEN": "F"}
TRAITS = {
    "O": "openness",
    "C": "conscientiousness",
    "E": "extraversion",
    "A": "agreeableness",
    "N": "neuroticism",
}
GROUPS = [(f"{sex}_{age}", SEXES[sex], AGES[age]) for sex in SEXES for age in AGES]


def answered(seed):
    """One answer set in both forms: by item key, and as the package takes it."""
    chance = random.Random(seed)
    chosen = [chance.randint(1, 5) for _ in range(120)]
    ours = {f"q{number:03d}": value for number, value in enumerate(chosen, start=1)}
    theirs = [{"id_question": at, "id_select": value} for at, value in enumerate(chosen, start=1)]
    return ours, {"answers": theirs}


def cubic(t):
    """The package's percentile: a cubic of T, cut to 1 below 32 and to 99 above 73."""
    if t < 32:
        return 1
    if t > 73:
        return 99
    return (
        210.335958661391
        - 16.7379362643389 * t
        + 0.405936512733332 * t**2
        - 0.00270624341822222 * t**3
    )


def their_figures(output):
    """Scale → percentile, of the five traits and their thirty facets."""
    found = {}
    for each in output["person"]["result"]["personalities"]:
        for letter, name in TRAITS.items():
            if name in each:
                found[letter] = each[name][letter]
                for facet in each[name]["traits"]:
                    value = next(v for k, v in facet.items() if k not in {"trait", "score"})
                    found[f"{letter}{facet['trait']}"] = value
    return found


@pytest.mark.parametrize(("group", "sex", "age"), GROUPS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_all_35_scales_equal_the_package_for_every_group(group, sex, age, seed):
    ours, theirs = answered(seed)

    result = score(bundled("big-five-120"), ours, norm_group=group)
    output = IpipNeo(question=120).compute(sex=sex, age=age, answers=copy.deepcopy(theirs))

    expected = their_figures(output)
    assert len(expected) == 35
    assert {each.code: cubic(each.standard) for each in result.scales} == pytest.approx(
        expected, abs=5e-4
    )


@pytest.mark.parametrize(("group", "sex", "age"), GROUPS)
def test_raw_scores_and_t_scores_of_the_traits_equal_the_packages_own(group, sex, age):
    ours, theirs = answered(7)
    output = IpipNeo(question=120).compute(sex=sex, age=age, answers=theirs, compare=True)
    turned = output["person"]["result"]["compare"]["user_answers_reversed"]
    facet = Facet(nquestion=QuestionNumber.IPIP_120)
    sums = facet.domain(score=facet.score(answers=[each["id_select"] for each in turned]))

    result = score(bundled("big-five-120"), ours, norm_group=group)

    traits = {each.code: each for each in result.scales if each.code in TRAITS}
    expected = Norm.calc(domain=sums, norm=Norm(sex=sex, age=age, nquestion=120))
    assert {code: each.raw for code, each in traits.items()} == sums
    assert {code: each.standard for code, each in traits.items()} == pytest.approx(
        expected, abs=5e-5
    )


def test_the_group_of_everyone_mixes_the_eight_in_equal_parts():
    instrument = bundled("big-five-120")
    cells = [instrument.norm_group(group) for group, _, _ in GROUPS]

    for at, norm in enumerate(instrument.norm_group("ALL").norms):
        means = [cell.norms[at].mean for cell in cells]
        mean = sum(means) / 8
        spread = sum(cell.norms[at].sd ** 2 for cell in cells) / 8
        between = sum((each - mean) ** 2 for each in means) / 8
        assert norm.mean == pytest.approx(mean, abs=0.0051)
        assert norm.sd == pytest.approx((spread + between) ** 0.5, abs=0.0051)


def test_the_packages_percentile_falls_again_at_the_top_which_is_why_ours_is_the_normal_laws():
    assert cubic(70) > cubic(72) > cubic(73)
    assert max(abs(cubic(t / 10) - percentile(t / 10)) for t in range(320, 731)) == pytest.approx(
        1.93, abs=0.005
    )
