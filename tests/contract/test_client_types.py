"""The types of a generated client: checked strictly, with a page that uses them, and only for what the schema has."""

from pathlib import Path

import pytest
from mypy import api as mypy
from turms.errors import GenerationError

from tests.contract.generating import CLIENT, OPERATIONS, generate

PAGE = f"""
from datetime import date, datetime
from typing import assert_never, assert_type

import {CLIENT} as api


def board(answer: api.Dashboard) -> str:
    answer.viewer.display_name  # type: ignore[union-attr]
    if answer.viewer is None:
        return "a machine"
    assert_type(answer.viewer.display_name, str)
    assert_type(answer.viewer.hire_date, date | None)
    assert_type(answer.viewer.status, api.PersonStatus | None)
    answer.viewer.salary  # type: ignore[attr-defined]
    answer.viewer.goals.nodes  # type: ignore[union-attr]
    if answer.viewer.goals and answer.viewer.check_ins:
        assert_type([goal.progress for goal in answer.viewer.goals.nodes], list[float])
        assert_type([talk.scheduled_for for talk in answer.viewer.check_ins.nodes], list[datetime])
    return answer.viewer.display_name


def moved(answer: api.ActivateGoal) -> str:
    match answer.activate_goal:
        case api.ActivateGoalGoalInlineFragment() as goal:
            return assert_type(goal.state, api.GoalState).value
        case api.ActivateGoalStateTransitionInlineFragment(allowed=states):
            return f"first {{' or '.join(states)}}"
        case (
            api.ActivateGoalInvalidInputInlineFragment()
            | api.ActivateGoalNotFoundInlineFragment()
            | api.ActivateGoalForbiddenInlineFragment()
            | api.ActivateGoalConflictInlineFragment() as problem
        ):
            return problem.detail
        case None:
            return "an error says why"
        case other:
            assert_never(other)  # type: ignore[arg-type]


def written() -> None:
    api.CreateGoalInput(title="Weave", priority=1, kind=api.GoalKind.CAREER)
    api.CreateGoalInput(priority=1)  # type: ignore[call-arg]
    api.GoalStepInput(goal_id="G", expected_version="1")  # type: ignore[arg-type]
"""
"""Each `type: ignore` is a mistake that the checker must find: --strict complains of one that finds nothing."""


def test_the_client_passes_the_strict_type_checker_and_finds_a_pages_mistakes(
    generated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.py"
    page.write_text(PAGE)
    monkeypatch.setenv("MYPYPATH", str(generated.parent))

    found, failed, status = mypy.run(
        ["--strict", "--config-file=", f"--cache-dir={tmp_path}", str(generated), str(page)]
    )

    assert (found, failed, status) == ("Success: no issues found in 2 source files\n", "", 0)


@pytest.mark.parametrize(
    ("operation", "told"),
    [
        ("query Wrong { viewer { salary } }", "Cannot query field 'salary' on type 'Person'"),
        ("query Wrong { goal { id } }", "Argument 'Query.goal(id:)' of type 'ID!' is required"),
        ("query Wrong($n: String) { people(first: $n) { totalCount } }", "expecting type 'Int!'"),
    ],
)
def test_an_operation_that_the_schema_does_not_have_gives_no_client(
    tmp_path: Path, operation: str, told: str
) -> None:
    (tmp_path / "wrong.graphql").write_text(operation)

    with pytest.raises(GenerationError) as refused:
        generate(tmp_path, operations=tmp_path)

    assert told in str(refused.value)


def test_every_operation_of_the_folder_is_generated(generated: Path) -> None:
    names = {
        line.split()[1].split("(")[0]
        for path in OPERATIONS.glob("*.graphql")
        for line in path.read_text().splitlines()
        if line.startswith(("query", "mutation", "fragment"))
    }

    assert len(names) == 10
    assert {name for name in names if f"\nclass {name}(" not in generated.read_text()} == set()
