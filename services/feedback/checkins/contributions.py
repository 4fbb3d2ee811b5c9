"""What the two put into a check-in one by one: agenda, action items, and the manager's private note."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.checkins import notes, planning, queries
from services.feedback.checkins.commands import require_open
from services.feedback.checkins.models import ActionItem, AgendaItem, CheckIn, PrivateNote
from services.feedback.checkins.schemas import ActionItemCreate
from shared import clock, sealing
from shared.ids import new_id
from shared.problems import Forbidden, Invalid, NotFound
from shared.tenancy import Principal


async def add_agenda_item(
    session: AsyncSession, principal: Principal, *, check_in_id: UUID, text: str
) -> CheckIn:
    """Raises `NotFound`, `CheckInClosed`."""
    check_in = await _open(session, principal, check_in_id)
    session.add(
        AgendaItem(
            id=new_id(),
            check_in_id=check_in.id,
            author_id=principal.person_id,
            text=text,
            created_at=clock.now(),
        )
    )
    await planning.touch(session, check_in)
    return check_in


async def remove_agenda_item(
    session: AsyncSession, principal: Principal, *, check_in_id: UUID, item_id: UUID
) -> CheckIn:
    """Raises `NotFound`, `CheckInClosed`, `Forbidden` for the other's point."""
    check_in = await _open(session, principal, check_in_id)
    item = await session.scalar(
        select(AgendaItem).where(AgendaItem.id == item_id, AgendaItem.check_in_id == check_in.id)
    )
    if item is None:
        raise NotFound
    if item.author_id != principal.person_id:
        raise Forbidden("Only who put the point on the agenda takes it off.")
    await session.delete(item)
    await planning.touch(session, check_in)
    return check_in


async def add_action_item(
    session: AsyncSession, principal: Principal, *, check_in_id: UUID, wanted: ActionItemCreate
) -> CheckIn:
    """Raises `NotFound`, `CheckInClosed`, `Invalid` when the owner is not one of the two."""
    check_in = await _open(session, principal, check_in_id)
    if wanted.owner_id not in (check_in.employee_id, check_in.manager_id):
        raise Invalid.field("/ownerId", "name the employee or the manager of this check-in")
    session.add(
        ActionItem(
            id=new_id(),
            check_in_id=check_in.id,
            owner_id=wanted.owner_id,
            text=wanted.text,
            due_on=wanted.due_on,
            created_at=clock.now(),
        )
    )
    await planning.touch(session, check_in)
    return check_in


async def finish_action_item(
    session: AsyncSession, principal: Principal, *, check_in_id: UUID, item_id: UUID
) -> CheckIn:
    """By either, also after the check-in is over; again changes nothing. Raises `NotFound`."""
    check_in = await queries.get(session, principal, check_in_id, to_change=True)
    item = await session.scalar(
        select(ActionItem).where(ActionItem.id == item_id, ActionItem.check_in_id == check_in.id)
    )
    if item is None:
        raise NotFound
    if item.done_at is None:
        item.done_at = clock.now()
        await planning.touch(session, check_in)
    return check_in


async def keep_private_note(
    session: AsyncSession, principal: Principal, *, check_in_id: UUID, text: str
) -> CheckIn:
    """In any state, by the manager. The version stays: it must not tell the employee that there is a note.

    Raises `NotFound`, `Forbidden` for the employee, `KeyDestroyed`.
    """
    check_in = await _of_manager(session, principal, check_in_id)
    identity = notes.identity(check_in.id, check_in.manager_id)
    keys = sealing.keys_of(session)
    sealed = await keys.seal(session, check_in.employee_id, text, bound_to=identity)
    note = {"text": None, "sealed": sealed, "updated_at": clock.now()}
    statement = insert(PrivateNote).values(
        tenant_id=principal.tenant_id,
        id=new_id(),
        check_in_id=check_in.id,
        author_id=principal.person_id,
        **note,
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "check_in_id", "author_id"], set_=note
        )
    )
    return check_in


async def forget_private_note(
    session: AsyncSession, principal: Principal, *, check_in_id: UUID
) -> CheckIn:
    """Raises `NotFound`, `Forbidden` for the employee."""
    check_in = await _of_manager(session, principal, check_in_id)
    await session.execute(
        delete(PrivateNote).where(
            PrivateNote.check_in_id == check_in.id, PrivateNote.author_id == principal.person_id
        )
    )
    return check_in


async def _open(session: AsyncSession, principal: Principal, check_in_id: UUID) -> CheckIn:
    check_in = await queries.get(session, principal, check_in_id, to_change=True)
    require_open(check_in)
    return check_in


async def _of_manager(session: AsyncSession, principal: Principal, check_in_id: UUID) -> CheckIn:
    check_in = await queries.get(session, principal, check_in_id)
    if check_in.manager_id != principal.person_id:
        raise Forbidden("Only the manager keeps a private note.")
    return check_in
