"""/checkins."""

from collections.abc import Awaitable
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.accesses.commands import noted
from services.feedback.checkins import calendar, commands, completion, contributions, queries
from services.feedback.checkins.models import CheckIn
from services.feedback.checkins.rules import CheckInState
from services.feedback.checkins.schemas import (
    ActionItemCreate,
    AgendaItemCreate,
    CheckInCreate,
    CheckInRead,
    CheckInUpdate,
    CompletionRead,
    PrivateNoteWrite,
)
from shared import clock, files
from shared.door import Acting, ExpectedVersion, Transaction, etag, router
from shared.paging import Paging, link_next
from shared.schemas import Day
from shared.tenancy import Principal

routes = router("/checkins", "checkins")

A_QUARTER = timedelta(days=91)


async def _read(
    response: Response,
    session: AsyncSession,
    principal: Principal,
    changed: Awaitable[CheckIn],
) -> CheckInRead:
    """Without the private note: answers of keyed writes are kept for a day as they are."""
    described = await _with_note(response, session, principal, changed)
    return described.model_copy(update={"private_manager_note": None})


async def _with_note(
    response: Response,
    session: AsyncSession,
    principal: Principal,
    changed: Awaitable[CheckIn],
) -> CheckInRead:
    (described,) = await queries.described(session, principal, [await changed])
    etag(response, described.version)
    return described


@routes.post("", status_code=201)
async def schedule_check_in(
    response: Response, session: Transaction, principal: Acting, wanted: CheckInCreate
) -> CheckInRead:
    """Plans a check-in of an employee with their manager, by either."""
    made = commands.schedule(session, principal, wanted=wanted)
    described = await _read(response, session, principal, made)
    response.headers["Location"] = f"/checkins/{described.id}"
    return described


@routes.get("")
async def list_check_ins(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    paging: Paging,
    employee_id: Annotated[UUID | None, Query(alias="employeeId")] = None,
    state: CheckInState | None = None,
) -> list[CheckInRead]:
    """The caller's own check-ins, as employee or as manager."""
    rows, after = await queries.page(
        session, principal, employee_id=employee_id, state=state, page=paging
    )
    link_next(request, response, after)
    await noted(session, principal, people={each.employee_id for each in rows})
    return await queries.described(session, principal, rows)


@routes.get("/completion")
async def read_completion(
    session: Transaction,
    principal: Acting,
    org_unit_id: Annotated[UUID, Query(alias="orgUnitId")],
    since: Day | None = None,
    until: Day | None = None,
) -> CompletionRead:
    """How many check-ins of a unit took place, in the last 91 days unless said otherwise; for HR and the line above."""
    last = until or clock.today()
    return await completion.of_unit(
        session,
        principal,
        org_unit_id=org_unit_id,
        since=since or last - A_QUARTER,
        until=last,
    )


@routes.get(
    "/calendar.ics",
    response_class=Response,
    responses=files.documented(files.ICS, "A moment a planned check-in."),
)
async def list_appointments(session: Transaction, principal: Acting) -> Response:
    """The caller's own check-ins that are planned, for a calendar."""
    planned = await calendar.of_caller(session, principal)
    return files.calendar("check-ins.ics", planned)


@routes.get("/{check_in_id}")
async def read_check_in(
    response: Response, session: Transaction, principal: Acting, check_in_id: UUID
) -> CheckInRead:
    """One check-in of the caller's."""
    found = await _with_note(
        response, session, principal, queries.get(session, principal, check_in_id)
    )
    await noted(session, principal, people=[found.employee_id])
    return found


@routes.patch("/{check_in_id}")
async def revise_check_in(
    response: Response,
    session: Transaction,
    principal: Acting,
    check_in_id: UUID,
    expected_version: ExpectedVersion,
    wanted: CheckInUpdate,
) -> CheckInRead:
    """Changes time, priorities, goals or the caller's own notes."""
    revised = commands.revise(
        session,
        principal,
        check_in_id=check_in_id,
        expected_version=expected_version,
        wanted=wanted,
    )
    return await _with_note(response, session, principal, revised)


@routes.post("/{check_in_id}/prepare")
async def prepare_check_in(
    response: Response, session: Transaction, principal: Acting, check_in_id: UUID
) -> CheckInRead:
    """The caller is prepared."""
    prepared = commands.prepare(session, principal, check_in_id=check_in_id)
    return await _read(response, session, principal, prepared)


@routes.post("/{check_in_id}/hold")
async def hold_check_in(
    response: Response, session: Transaction, principal: Acting, check_in_id: UUID
) -> CheckInRead:
    """The talk took place."""
    held = commands.hold(session, principal, check_in_id=check_in_id)
    return await _read(response, session, principal, held)


@routes.post("/{check_in_id}/acknowledge")
async def acknowledge_notes(
    response: Response, session: Transaction, principal: Acting, check_in_id: UUID
) -> CheckInRead:
    """The caller has seen the notes as they stand."""
    seen = commands.acknowledge(session, principal, check_in_id=check_in_id)
    return await _read(response, session, principal, seen)


@routes.post("/{check_in_id}/complete")
async def complete_check_in(
    response: Response, session: Transaction, principal: Acting, check_in_id: UUID
) -> CheckInRead:
    """Closes it once the other has acknowledged the notes; a recurring one plans the next."""
    completed = commands.complete(session, principal, check_in_id=check_in_id)
    return await _read(response, session, principal, completed)


@routes.post("/{check_in_id}/cancel")
async def cancel_check_in(
    response: Response, session: Transaction, principal: Acting, check_in_id: UUID
) -> CheckInRead:
    """It will not take place, nor will those after it in its series."""
    cancelled = commands.cancel(session, principal, check_in_id=check_in_id)
    return await _read(response, session, principal, cancelled)


@routes.post("/{check_in_id}/agenda", status_code=201)
async def add_agenda_item(
    response: Response,
    session: Transaction,
    principal: Acting,
    check_in_id: UUID,
    wanted: AgendaItemCreate,
) -> CheckInRead:
    """Puts a point on the agenda."""
    changed = contributions.add_agenda_item(
        session, principal, check_in_id=check_in_id, text=wanted.text
    )
    return await _read(response, session, principal, changed)


@routes.delete("/{check_in_id}/agenda/{item_id}")
async def remove_agenda_item(
    response: Response, session: Transaction, principal: Acting, check_in_id: UUID, item_id: UUID
) -> CheckInRead:
    """Takes the caller's own point off the agenda."""
    changed = contributions.remove_agenda_item(
        session, principal, check_in_id=check_in_id, item_id=item_id
    )
    return await _read(response, session, principal, changed)


@routes.post("/{check_in_id}/action-items", status_code=201)
async def add_action_item(
    response: Response,
    session: Transaction,
    principal: Acting,
    check_in_id: UUID,
    wanted: ActionItemCreate,
) -> CheckInRead:
    """Agrees on what one of the two will do."""
    changed = contributions.add_action_item(
        session, principal, check_in_id=check_in_id, wanted=wanted
    )
    return await _read(response, session, principal, changed)


@routes.post("/{check_in_id}/action-items/{item_id}/complete")
async def finish_action_item(
    response: Response, session: Transaction, principal: Acting, check_in_id: UUID, item_id: UUID
) -> CheckInRead:
    """It is done."""
    changed = contributions.finish_action_item(
        session, principal, check_in_id=check_in_id, item_id=item_id
    )
    return await _read(response, session, principal, changed)


@routes.put("/{check_in_id}/private-note")
async def keep_private_note(
    response: Response,
    session: Transaction,
    principal: Acting,
    check_in_id: UUID,
    wanted: PrivateNoteWrite,
) -> CheckInRead:
    """The manager's note for themself."""
    changed = contributions.keep_private_note(
        session, principal, check_in_id=check_in_id, text=wanted.text
    )
    return await _with_note(response, session, principal, changed)


@routes.delete("/{check_in_id}/private-note")
async def forget_private_note(
    response: Response, session: Transaction, principal: Acting, check_in_id: UUID
) -> CheckInRead:
    """Removes the manager's own note."""
    changed = contributions.forget_private_note(session, principal, check_in_id=check_in_id)
    return await _with_note(response, session, principal, changed)
