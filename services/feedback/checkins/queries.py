"""Reading check-ins. Only the two of the pair do, and a manager only while they are the manager."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, or_, select, true
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.checkins import notes
from services.feedback.checkins.models import (
    ActionItem,
    AgendaItem,
    Change,
    CheckIn,
    PrivateNote,
)
from services.feedback.checkins.rules import CheckInState, is_ahead
from services.feedback.checkins.schemas import (
    ActionItemRead,
    AgendaItemRead,
    ChangeRead,
    CheckInRead,
)
from services.feedback.people.models import Person
from services.feedback.policy import CHECK_IN, POLICY
from shared import policy
from shared.paging import PageRequest, page_of
from shared.problems import NotFound
from shared.tenancy import Actor, Principal

Child = TypeVar("Child", AgendaItem, ActionItem)


def visible(principal: Principal, row: Any) -> ColumnElement[bool]:
    """For anything with the columns of the pair: mine, or with my direct report of now and held by me.

    So a former manager has lost the pair's check-ins, past ones too: they stay with the employee
    alone. The next manager does not get them either: what was said was said between two.
    """
    if principal.actor is Actor.SYSTEM:
        return true()
    me = policy.me(principal)
    return and_(
        POLICY.visible(principal, CHECK_IN, "READ", row.employee_id),
        or_(row.employee_id == me, row.manager_id == me),
    )


async def get(
    session: AsyncSession, principal: Principal, check_in_id: UUID, *, to_change: bool = False
) -> CheckIn:
    """Raises `NotFound`, also for what is not yours. `to_change` locks the row until the commit."""
    found = _visible_rows(principal).where(CheckIn.id == check_in_id)
    check_in = await session.scalar(found.with_for_update() if to_change else found)
    if check_in is None:
        raise NotFound
    return check_in


async def page(
    session: AsyncSession,
    principal: Principal,
    *,
    employee_id: UUID | None,
    state: CheckInState | None,
    page: PageRequest,
) -> tuple[Sequence[CheckIn], UUID | None]:
    """The caller's check-ins, oldest id first."""
    rows = _visible_rows(principal)
    if employee_id is not None:
        rows = rows.where(CheckIn.employee_id == employee_id)
    if state is not None:
        rows = rows.where(CheckIn.state == state)
    return await page_of(session, rows, key=CheckIn.id, page=page)


async def described(
    session: AsyncSession, principal: Principal, check_ins: Sequence[CheckIn]
) -> list[CheckInRead]:
    """Each with its agenda, action items, changes and, for its author, the private note."""
    ids = [each.id for each in check_ins]
    agenda = await _children(session, AgendaItem, ids)
    actions = await _children(session, ActionItem, ids)
    changes = await _changes(session, check_ins)
    notes = await private_notes(session, principal, ids)
    return [
        CheckInRead.model_validate(each).model_copy(
            update={
                "agenda": [AgendaItemRead.model_validate(item) for item in agenda[each.id]],
                "action_items": [ActionItemRead.model_validate(item) for item in actions[each.id]],
                "changes": [ChangeRead.model_validate(item) for item in changes[each.id]],
                "private_manager_note": notes.get(each.id),
            }
        )
        for each in check_ins
    ]


async def private_notes(
    session: AsyncSession, principal: Principal, check_in_ids: Iterable[UUID]
) -> dict[UUID, str]:
    """The caller's own notes. The row-level policy says the same as the predicate."""
    return await notes.opened(
        session,
        PrivateNote.check_in_id.in_(check_in_ids),
        PrivateNote.author_id == policy.me(principal),
    )


def acting_person() -> ColumnElement[UUID]:
    """The person that the door found for this transaction, as the row-level policy of private notes reads it."""
    return cast(func.nullif(func.current_setting("app.person", True), "", type_=Text()), PG_UUID())


async def manager_of(session: AsyncSession, employee_id: UUID) -> UUID | None:
    """The manager whom the tree knows now."""
    return await session.scalar(select(Person.placed_under).where(Person.id == employee_id))


async def has_one_ahead(session: AsyncSession, *, employee_id: UUID, manager_id: UUID) -> bool:
    """Whether the pair has a check-in to come."""
    ahead = select(CheckIn.id).where(
        CheckIn.employee_id == employee_id,
        CheckIn.manager_id == manager_id,
        CheckIn.state.in_((CheckInState.SCHEDULED, CheckInState.PREPARED)),
    )
    return await session.scalar(ahead.limit(1)) is not None


def _visible_rows(principal: Principal) -> Select[CheckIn]:
    return select(CheckIn).where(visible(principal, CheckIn))


async def _children(
    session: AsyncSession, model: type[Child], check_in_ids: Sequence[UUID]
) -> dict[UUID, list[Child]]:
    found = select(model).where(model.check_in_id.in_(check_in_ids)).order_by(model.id)
    grouped: dict[UUID, list[Child]] = defaultdict(list)
    for row in await session.scalars(found):
        grouped[row.check_in_id].append(row)
    return grouped


async def _changes(session: AsyncSession, check_ins: Sequence[CheckIn]) -> dict[UUID, list[Change]]:
    """Those that a held check-in has taken; those waiting, for one to come."""
    ahead = [each for each in check_ins if is_ahead(each.state)]
    found = select(Change).where(
        or_(
            Change.check_in_id.in_([each.id for each in check_ins]),
            and_(
                Change.check_in_id.is_(None),
                Change.person_id.in_([each.employee_id for each in ahead]),
            ),
        )
    )
    grouped: dict[UUID, list[Change]] = defaultdict(list)
    for row in await session.scalars(found.order_by(Change.occurred_at, Change.id)):
        waiting_for = [each.id for each in ahead if each.employee_id == row.person_id]
        for check_in_id in [row.check_in_id] if row.check_in_id else waiting_for:
            grouped[check_in_id].append(row)
    return grouped
