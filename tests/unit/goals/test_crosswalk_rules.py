"""Which requirements follow their skill into another framework."""

import pytest

from services.goals.crosswalks.rules import Decision, Outcome, Relation, decide
from shared.ids import new_id

OLD, OTHER, NEW, NEWER = sorted(new_id() for _ in range(4))


def same(target, kind="EXACT_MATCH_OF", turned=False):
    return Relation(target, kind, turned)


@pytest.mark.parametrize(
    ("relations", "outcome", "target"),
    [
        ([same(NEW)], Outcome.MOVED, NEW),
        ([same(NEW, "REPLACED_BY")], Outcome.MOVED, NEW),
        ([same(NEW), same(NEW, "REPLACED_BY")], Outcome.MOVED, NEW),
        ([same(NEW), same(NEWER, "IS_RELATED_TO")], Outcome.MOVED, NEW),
        ([same(NEW, "REPLACED_BY", turned=True)], Outcome.ONLY_NEAR, None),
        ([same(NEW, "IS_PART_OF")], Outcome.ONLY_NEAR, None),
        ([same(NEW, "IS_PART_OF", turned=True)], Outcome.ONLY_NEAR, None),
        ([same(NEW, "IS_CHILD_OF")], Outcome.ONLY_NEAR, None),
        ([same(NEW, "IS_RELATED_TO")], Outcome.ONLY_NEAR, None),
        ([same(NEW), same(NEWER)], Outcome.AMBIGUOUS, None),
        ([], Outcome.UNRELATED, None),
    ],
)
def test_only_what_is_the_same_skill_takes_its_place(relations, outcome, target):
    assert decide([OLD], {OLD: relations}) == {OLD: Decision(outcome, target)}


def test_a_skill_of_another_framework_is_nobodys_business():
    assert decide([OLD, OTHER], {OLD: [same(NEW)]}) == {OLD: Decision(Outcome.MOVED, NEW)}


def test_no_role_asks_for_one_skill_twice():
    both = decide([OLD, OTHER], {OLD: [same(NEW)], OTHER: [same(NEW)]})
    there = decide([OLD, NEW], {OLD: [same(NEW)]})

    assert both == {OLD: Decision(Outcome.COLLIDES), OTHER: Decision(Outcome.COLLIDES)}
    assert there == {OLD: Decision(Outcome.COLLIDES)}


def test_what_one_of_several_matches_might_take_is_left_to_who_decides():
    """The other requirement's exact match is among the candidates of the first one."""
    found = decide([OLD, OTHER], {OLD: [same(NEW), same(NEWER)], OTHER: [same(NEW)]})

    assert found == {OLD: Decision(Outcome.AMBIGUOUS), OTHER: Decision(Outcome.COLLIDES)}
