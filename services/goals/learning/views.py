"""What the gateway reads of learning."""

from typing import Any, cast

from sqlalchemy import ColumnElement, Table, any_

from services.goals.accesses.rules import Kept
from services.goals.learning.models import LearningRecord, LearningResource
from services.goals.learning.queries import readable
from services.goals.policy import POLICY
from services.goals.searching import holds
from shared.tenancy import Principal
from shared.views import Argument, Logged, One, View, columns, elements, global_id


def _visible(principal: Principal, _row: Any) -> ColumnElement[bool]:
    return readable(principal)


def _record_visible(principal: Principal, row: Any) -> ColumnElement[bool]:
    return POLICY.visible(principal, "LEARNING_RECORD", "READ", row.person_id)


LEARNING_RESOURCES = View(
    name="learning_resources",
    source=cast(Table, LearningResource.__table__),
    visible=_visible,
    fields={
        "id": global_id("LearningResource"),
        **columns("provider", "code", "title", "type", "url", "hours", "cost", "currency"),
        **columns("language", "status", "version"),
        "skills": elements("skills", "skillId", "expectedDelta"),
    },
    order=("title", "id"),
    arguments={
        "search": Argument(
            str,
            lambda row, words: holds(words, row.title, row.code),
        ),
        "provider": Argument(str, lambda row, given: row.provider == given),
    },
)

LEARNING_RECORDS = View(
    name="learning_records",
    source=cast(Table, LearningRecord.__table__),
    visible=_record_visible,
    fields={
        "id": global_id("LearningRecord"),
        **columns("state", "source", "score", "enrolledAt", "completedAt", "dueOn", "version"),
        **columns("personId", "resourceId"),
        "resource": One(lambda: LEARNING_RESOURCES, on="resource_id"),
    },
    lists={"person": "person_id"},
    order=("-id",),
    arguments={"states": Argument(str, lambda row, states: row.state == any_(states), many=True)},
    logged=Logged(Kept.LEARNING),
)

VIEWS = (LEARNING_RESOURCES, LEARNING_RECORDS)
