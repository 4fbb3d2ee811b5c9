"""The SMART linter's verdicts."""

from datetime import date

import pytest

from services.goals.goals.rules import AmountType
from services.goals.goals.smart import Letter, Verdict, Wording, judge

TODAY = date(2026, 3, 1)


def letter(goal: Wording, name: str) -> Letter:
    return next(each for each in judge(goal, today=TODAY).letters if each.letter == name)


def test_a_certification_within_eighteen_months_passes():
    verdict = judge(
        Wording("achieve a Project Management Professional certification within 18 months"),
        today=TODAY,
    )

    assert verdict.passes
    assert [(each.letter, each.verdict) for each in verdict.letters] == [
        ("S", Verdict.PASS),
        ("M", Verdict.PASS),
        ("A", Verdict.WARN),
        ("R", Verdict.WARN),
        ("T", Verdict.PASS),
    ]


def test_getting_better_at_something_fails_with_a_reason_for_each_letter():
    verdict = judge(Wording("get better at managing projects"), today=TODAY)

    assert not verdict.passes
    failures = {
        each.letter: each.reasons for each in verdict.letters if each.verdict is Verdict.FAIL
    }
    assert failures == {
        "S": ("“get better” names no result: say what will be done, delivered or reached.",),
        "M": ("Nothing tells when it is reached: add a measure with a target, or milestones.",),
        "T": ("There is no date: say by when.",),
    }


@pytest.mark.parametrize(
    "title",
    [
        "Reduce the build time by 30 % by June",
        "Give three talks by the end of the year",
        "Earn the AWS certificate until Q4",
        "Improve the onboarding: publish 5 guides within two months",
    ],
)
def test_a_title_alone_can_be_smart(title: str):
    assert judge(Wording(title), today=TODAY).passes


@pytest.mark.parametrize(
    "title",
    [
        "Improve my Python",
        "Become a better leader",
        "Learn more about finance",
        "Python",
        "Explore",
    ],
)
def test_a_wish_is_no_goal(title: str):
    assert not judge(Wording(title), today=TODAY).passes


def test_milestones_make_a_goal_measurable():
    title = "Lead the migration of the billing system by June"

    assert letter(Wording(title), "M").verdict is Verdict.FAIL
    assert letter(Wording(title, milestones=1), "M").verdict is Verdict.PASS


def test_a_measure_that_starts_at_its_target_measures_nothing():
    goal = Wording(
        "Close tickets", amount_type=AmountType.NUMBER, metric="tickets", start=5, target=5
    )

    assert letter(goal, "M").reasons == (
        "The measure's target is where it starts: nothing would have to change.",
    )


def test_more_hours_than_the_weeks_have_cannot_be_achieved():
    goal = Wording(
        "Write the handbook for new colleagues",
        effort_hours=81,
        start_on=date(2026, 3, 2),
        due_on=date(2026, 3, 16),
    )

    assert letter(goal, "A") == Letter(
        "A",
        Verdict.FAIL,
        ("81 hours do not fit into 2.0 weeks: move the date or cut the goal.",),
    )


@pytest.mark.parametrize(
    ("start", "due", "reason"),
    [
        (None, date(2026, 2, 28), "The due date 2026-02-28 has passed: set a later one."),
        (
            date(2026, 5, 1),
            date(2026, 5, 1),
            "It is due before it starts: set a later due date or an earlier start.",
        ),
    ],
)
def test_a_due_date_must_lie_ahead_and_after_the_start(start: date | None, due: date, reason: str):
    goal = Wording("Write the handbook for new colleagues", start_on=start, due_on=due)

    assert letter(goal, "T").reasons == (reason,)
