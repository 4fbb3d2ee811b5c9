"""What the gateway reads of check-ins."""

from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Table,
    Text,
    and_,
    any_,
    case,
    cast,
    or_,
    select,
    union_all,
)

from services.feedback.accesses.rules import CHECK_INS
from services.feedback.checkins import notes
from services.feedback.checkins.models import (
    ActionItem,
    AgendaItem,
    Change,
    CheckIn,
    PrivateNote,
)
from services.feedback.checkins.queries import acting_person, visible
from services.feedback.checkins.rules import ChangeKind, CheckInState
from shared.views import Argument, Columns, Logged, Many, Scalar, View, columns, global_id
from shared.views.declare import Field


def _table(model: type[CheckIn | AgendaItem | ActionItem | Change | PrivateNote]) -> Table:
    return model.metadata.tables[model.__tablename__]


LOGGED = Logged(CHECK_INS, person="employee_id")
_check_in, _note = _table(CheckIn), _table(PrivateNote)
_change = _table(Change)


def _with_pair(table: Table) -> FromClause:
    """A check-in's children with the pair, which decides who sees them."""
    parent = _check_in
    joined = table.join(
        parent,
        and_(parent.c.tenant_id == table.c.tenant_id, parent.c.id == table.c.check_in_id),
    )
    return (
        select(*table.c, parent.c.employee_id, parent.c.manager_id).select_from(joined).subquery()
    )


def _shown_changes() -> FromClause:
    """Each change beside the check-in that shows it: the one that took it, else those still to come."""
    pair = (_check_in.c.employee_id, _check_in.c.manager_id)
    shown = (_check_in.c.id.label("shown_on"), *pair, *_change.c)
    taken = select(*shown).join_from(
        _change,
        _check_in,
        and_(_check_in.c.tenant_id == _change.c.tenant_id, _check_in.c.id == _change.c.check_in_id),
    )
    waiting = select(*shown).join_from(
        _change,
        _check_in,
        and_(
            _check_in.c.tenant_id == _change.c.tenant_id,
            _check_in.c.employee_id == _change.c.person_id,
            _change.c.check_in_id.is_(None),
            or_(
                _check_in.c.state == CheckInState.SCHEDULED,
                _check_in.c.state == CheckInState.PREPARED,
            ),
        ),
    )
    return union_all(taken, waiting).subquery()


def _of_either() -> FromClause:
    """Every check-in twice: once for its employee, once for its manager."""
    as_employee = select(_check_in.c.employee_id.label("person_id"), *_check_in.c)
    as_manager = select(_check_in.c.manager_id.label("person_id"), *_check_in.c)
    return union_all(as_employee, as_manager).subquery()


def _subject_of(kind: ChangeKind) -> Scalar:
    """What the change is about, when it is of that kind."""
    return Scalar(lambda row: case((row.kind == kind, row.subject_id)))


def _own_note(row: Columns) -> ColumnElement[str]:
    """The caller's private note; the row-level policy of its table says the same as this predicate."""
    own = (_note.c.check_in_id == row.id, _note.c.author_id == acting_person())
    return notes.shown(row.employee_id).where(*own).scalar_subquery()


agenda_items = View(
    name="check_in_agenda_items",
    source=_with_pair(_table(AgendaItem)),
    visible=visible,
    fields={"id": global_id("AgendaItem"), **columns("authorId", "text", "createdAt")},
    lists={"checkIn": "check_in_id"},
    logged=LOGGED,
)

action_items = View(
    name="check_in_action_items",
    source=_with_pair(_table(ActionItem)),
    visible=visible,
    fields={"id": global_id("ActionItem"), **columns("ownerId", "text", "dueOn", "doneAt")},
    lists={"checkIn": "check_in_id"},
    logged=LOGGED,
)

changes = View(
    name="check_in_changes",
    source=_shown_changes(),
    visible=visible,
    fields=columns(
        "id", "kind", "subjectId", "goalId", "title", "fromValue", "toValue", "occurredAt"
    )
    | {
        "skillId": _subject_of(ChangeKind.SKILL_CHANGED),
        "learningRecordId": _subject_of(ChangeKind.LEARNING_COMPLETED),
    },
    lists={"checkIn": "shown_on"},
    order=("occurred_at", "id"),
    logged=LOGGED,
)

_FIELDS: dict[str, Field] = {
    "id": global_id("CheckIn"),
    **columns(
        "employeeId",
        "managerId",
        "previousId",
        "cadence",
        "scheduledFor",
        "state",
        "priorities",
        "goalRefs",
        "employeeNotes",
        "managerNotes",
        "employeeSeenAt",
        "managerSeenAt",
        "heldAt",
        "closedAt",
        "createdAt",
        "updatedAt",
        "version",
    ),
    "privateManagerNote": Scalar(_own_note),
    "agenda": Many(lambda: agenda_items, by="checkIn", belong=True),
    "actionItems": Many(lambda: action_items, by="checkIn", belong=True),
    "changes": Many(lambda: changes, by="checkIn", belong=True),
}
_ARGUMENTS = {
    "states": Argument(str, lambda row, states: cast(row.state, Text) == any_(states), many=True),
    "scheduledAfter": Argument(datetime, lambda row, instant: row.scheduled_for >= instant),
    "scheduledBefore": Argument(datetime, lambda row, instant: row.scheduled_for < instant),
}
_LATEST_FIRST = ("-scheduled_for", "id")
_ORDERS = {"SCHEDULED_FOR": ("scheduled_for", "id"), "SCHEDULED_FOR_DESC": _LATEST_FIRST}

check_ins = View(
    name="check_ins",
    source=_check_in,
    visible=visible,
    fields=_FIELDS,
    lists={"employee": "employee_id", "manager": "manager_id"},
    order=_LATEST_FIRST,
    orders=_ORDERS,
    arguments=_ARGUMENTS,
    logged=LOGGED,
)

check_ins_of_person = View(
    name="check_ins_of_person",
    source=_of_either(),
    visible=visible,
    fields=_FIELDS,
    lists={"person": "person_id"},
    order=_LATEST_FIRST,
    orders=_ORDERS,
    arguments=_ARGUMENTS,
    logged=LOGGED,
)

VIEWS = (check_ins, check_ins_of_person, agenda_items, action_items, changes)
