"""What the gateway reads of tasks: one's own, those with a day first."""

from datetime import date

from sqlalchemy import ColumnElement, Date, FromClause, case, func, literal, select

from services.feedback.checkins.views import check_ins
from services.feedback.policy import POLICY, TASK
from services.feedback.tasks.models import Task
from services.feedback.tasks.rules import SubjectType
from shared.tenancy import Principal
from shared.views import Argument, Columns, One, View, columns, global_id

_task = Task.metadata.tables[Task.__tablename__]


def _with_subject() -> FromClause:
    """Each task with its subject under the name of its type, and a day to order by where it has none."""

    def subject(kind: SubjectType) -> ColumnElement[object]:
        return case((_task.c.subject_type == kind, _task.c.subject_id))

    return select(
        *_task.c,
        *(subject(kind).label(f"{kind.lower()}_id") for kind in SubjectType),
        func.coalesce(_task.c.due_on, literal(date.max, Date())).label("due_by"),
    ).subquery()


def _visible(principal: Principal, row: Columns) -> ColumnElement[bool]:
    return POLICY.visible(principal, TASK, "READ", row.person_id)


tasks = View(
    name="tasks",
    source=_with_subject(),
    visible=_visible,
    fields={
        "id": global_id("Task"),
        **columns("personId", "kind", "dueOn", "addedAt", "closedAt"),
        **columns("goalId", "ratingId", "credentialId", "experienceId", "interactionId"),
        **columns("introductionId", "assertionId", "assessmentId"),
        "checkIn": One(lambda: check_ins, on="check_in_id"),
    },
    lists={"person": "person_id"},
    order=("due_by", "id"),
    arguments={"open": Argument(bool, lambda row, wanted: row.closed_at.is_(None) == wanted)},
)

VIEWS = (tasks,)
