"""Ladders, and when two roles are the same."""

import pytest

from services.goals.learning.rules import RecordState, steps_from
from services.goals.roles.rules import title_stem
from services.goals.roles.schemas import RoleCreate
from shared.ids import new_id


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("Developer", "developer"),
        ("Senior developer", "developer"),
        ("Lead developer - management", "developer"),
        ("Apprentice developer", "developer"),
        ("Head of product", "product"),
        ("Software Engineer III", "software engineer"),
        ("Principal", "principal"),
    ],
)
def test_a_ladder_shares_its_stem(title: str, stem: str):
    assert title_stem(title) == stem


def test_the_order_of_requirements_makes_no_other_role():
    first, second = ({"skillId": str(new_id()), "requiredLevel": 2.5} for _ in range(2))
    role = {"code": "a", "family": "F", "title": "T"}

    one = RoleCreate.model_validate({**role, "requirements": [first, second]})
    other = RoleCreate.model_validate({**role, "requirements": [second, first]})
    different = RoleCreate.model_validate({**role, "requirements": [first]})

    assert one.fingerprint() == other.fingerprint()
    assert one.fingerprint() != different.fingerprint()


def test_a_role_names_each_skill_once():
    requirement = {"skillId": str(new_id()), "requiredLevel": 2.5}

    with pytest.raises(ValueError, match="name each skill once"):
        RoleCreate.model_validate(
            {"code": "a", "family": "F", "title": "T", "requirements": [requirement] * 2}
        )


@pytest.mark.parametrize(
    ("state", "following"),
    [
        (RecordState.ENROLLED, ["COMPLETED", "FAILED", "IN_PROGRESS", "WITHDRAWN"]),
        (RecordState.IN_PROGRESS, ["COMPLETED", "FAILED", "WITHDRAWN"]),
        (RecordState.FAILED, ["COMPLETED", "ENROLLED"]),
        (RecordState.COMPLETED, []),
    ],
)
def test_what_is_completed_stays_completed(state: RecordState, following: list[str]):
    assert [each.value for each in steps_from(state)] == following
