"""Persons come, change, leave and return."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people import assigning, events, standing
from services.profile.people.events import PersonFact
from services.profile.people.models import ExternalIdentifier, Person
from services.profile.people.problems import (
    CircularReporting,
    ExternalIdTaken,
    NotEmployed,
    SubjectTaken,
    WorkEmailTaken,
)
from services.profile.people.rules import STATUS_STEPS, PersonStatus, status_on
from services.profile.people.schemas import (
    AssignmentCreate,
    ExternalId,
    PersonCreate,
    PersonUpdate,
    Termination,
)
from services.profile.policy import POLICY
from services.profile.rowsets import insert_rows, update_rows
from shared import clock
from shared.ids import new_id
from shared.problems import Forbidden, Invalid, NotFound, PreconditionFailed, StateTransition
from shared.tenancy import Principal

HR_SYSTEM_FIELDS = frozenset({"display_name", "work_email", "subject", "hire_date", "status"})


async def register(session: AsyncSession, principal: Principal, *, new: PersonCreate) -> UUID:
    """Raises `WorkEmailTaken`, `SubjectTaken`, `ExternalIdTaken`, `UnknownPerson`, `UnknownOrgUnit`, `Forbidden`."""
    if not await POLICY.may(session, principal, "PERSON", "CREATE", None):
        raise Forbidden("Registering people needs an administrator or the scope people:write.")
    await standing.lock(session)
    person_id, today = new_id(), clock.today()
    fields = new.model_dump(exclude={"external_ids", "assignment"})
    fields["subject"] = new.subject or new.work_email
    await _refuse_taken(session, person_id, fields)
    await _refuse_known(session, new.external_ids)
    status = status_on(
        today, told=None, before=None, hire_date=new.hire_date, termination_date=None
    )
    row = {"id": person_id, **fields, "status": status, "sequence": 0}
    await insert_rows(session, Person, [row])
    await insert_rows(
        session,
        ExternalIdentifier,
        [{"id": new_id(), "person_id": person_id, **e.model_dump()} for e in new.external_ids],
    )
    if new.assignment:
        await assigning.append(session, principal, person_id=person_id, new=new.assignment)
    await assigning.plan_due(session, principal, [new.hire_date])
    await _settle(session, principal, person_id, events.PersonRegistered)
    return person_id


async def update(
    session: AsyncSession,
    principal: Principal,
    *,
    person_id: UUID,
    expected: int,
    changes: PersonUpdate,
) -> None:
    """Raises `NotFound`, `Forbidden`, `PreconditionFailed`, `StateTransition`, `WorkEmailTaken`, `SubjectTaken`."""
    fields = changes.model_dump(include=changes.model_fields_set)
    action = "UPDATE" if fields.keys() & HR_SYSTEM_FIELDS else "CORRECT"
    await allow(session, principal, action, person_id)
    await standing.lock(session)
    person = await _row(session, person_id)
    if person["sequence"] != expected:
        raise PreconditionFailed("Somebody changed this person in the meantime. Read it again.")
    fields = _with_default_subject(person, fields)
    if person["status"] is not fields.get("status", person["status"]):
        _refuse_step(person["status"], fields["status"])
    await _refuse_taken(session, person_id, fields)
    changed = {name: value for name, value in fields.items() if person[name] != value}
    if changed:
        await update_rows(session, Person, [{"id": person_id, **changed}])
        await assigning.plan_due(session, principal, [changed.get("hire_date")])
        await _settle(session, principal, person_id, events.PersonUpdated)


async def terminate(
    session: AsyncSession, principal: Principal, *, person_id: UUID, ending: Termination
) -> None:
    """On a day to come it is only noted, and done on that day. Raises `NotFound`, `Forbidden`, `StateTransition`."""
    await allow(session, principal, "END", person_id)
    await standing.lock(session)
    person, today = await _row(session, person_id), clock.today()
    if person["status"] is PersonStatus.TERMINATED:
        _refuse_step(PersonStatus.TERMINATED, PersonStatus.TERMINATED)
    day = ending.termination_date or today
    if person["hire_date"] and day < person["hire_date"]:
        raise Invalid.field("/terminationDate", "must not lie before the hire date")
    row = {"id": person_id, "termination_date": day}
    await update_rows(session, Person, [row])
    if day > today:
        await assigning.plan_due(session, principal, [day])
        await _settle(session, principal, person_id, events.PersonUpdated)
    else:
        await end_employment(session, principal, people={person_id: day})


async def assign(
    session: AsyncSession, principal: Principal, *, person_id: UUID, new: AssignmentCreate
) -> UUID:
    """Raises `NotFound`, `Forbidden`, `NotEmployed`, `CircularReporting`, `UnknownPerson`, `UnknownOrgUnit`."""
    await allow(session, principal, "ASSIGN", person_id)
    await standing.lock(session)
    person = await _row(session, person_id)
    if person["status"] is PersonStatus.TERMINATED:
        raise NotEmployed("Reactivate the person first.")
    await _refuse_coming_circle(session, person_id, new)
    assignment_id = await assigning.append(session, principal, person_id=person_id, new=new)
    await standing.settle(session, principal, told={person_id: []}, today=clock.today())
    return assignment_id


async def _refuse_coming_circle(
    session: AsyncSession, person_id: UUID, new: AssignmentCreate
) -> None:
    """A position to come is held against the tree of today, so that most mistakes are told at once."""
    if await standing.circular_moves(session, {person_id: new.manager_id}):
        raise CircularReporting("managerId: choose a manager who does not report to this person.")


async def end_employment(
    session: AsyncSession, principal: Principal, *, people: Mapping[UUID, date]
) -> None:
    """These persons leave on their days, which have come; the tree is locked."""
    rows = [{"id": each, "status": PersonStatus.TERMINATED} for each in people]
    await update_rows(session, Person, rows)
    await assigning.close(session, people)
    told = {person_id: [events.PersonTerminated] for person_id in people}
    await standing.settle(session, principal, told=told, today=clock.today())


async def reactivate(session: AsyncSession, principal: Principal, *, person_id: UUID) -> None:
    """The person has no position until the next assignment. Raises `NotFound`, `Forbidden`, `StateTransition`."""
    await allow(session, principal, "END", person_id)
    await standing.lock(session)
    person = await _row(session, person_id)
    if person["status"] is not PersonStatus.TERMINATED:
        _refuse_step(person["status"], PersonStatus.ACTIVE, only=())
    row = {"id": person_id, "status": PersonStatus.ACTIVE, "termination_date": None}
    await update_rows(session, Person, [row])
    await _settle(session, principal, person_id, events.PersonReactivated)


async def allow(session: AsyncSession, principal: Principal, action: str, person_id: UUID) -> None:
    """Raises `NotFound` for who may not read the person, `Forbidden` for who may only read."""
    if await session.scalar(select(Person.id).where(Person.id == person_id)) is None:
        raise NotFound
    await POLICY.require(session, principal, "PERSON", action, person_id)


def _refuse_step(
    current: PersonStatus, wanted: PersonStatus, only: tuple[str, ...] | None = None
) -> None:
    """Leaving and returning have their own addresses, so a change of status does neither."""
    allowed = STATUS_STEPS[current] if only is None else only
    ends = PersonStatus.TERMINATED in (current, wanted)
    if ends or only is not None or wanted not in allowed:
        raise StateTransition(current, wanted, allowed)


def _with_default_subject(person: Mapping[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """Who signs in with the work e-mail goes on doing so when it changes."""
    follows = person["subject"] in (None, person["work_email"])
    if "work_email" in fields and "subject" not in fields and follows:
        return fields | {"subject": fields["work_email"]}
    return fields


async def _row(session: AsyncSession, person_id: UUID) -> Mapping[str, Any]:
    rows = await session.execute(select(Person.__table__).where(Person.id == person_id))
    return dict(rows.mappings().one())


async def _refuse_taken(session: AsyncSession, person_id: UUID, fields: Mapping[str, Any]) -> None:
    for name, problem in (("work_email", WorkEmailTaken), ("subject", SubjectTaken)):
        if fields.get(name) is None:
            continue
        taken = select(Person.id).where(
            getattr(Person, name) == fields[name], Person.id != person_id
        )
        if await session.scalar(taken):
            member = {"work_email": "workEmail"}.get(name, name)
            raise problem(f"{member}: choose another one, or change the other person first.")


async def _refuse_known(session: AsyncSession, names: list[ExternalId]) -> None:
    for each in names:
        known = select(ExternalIdentifier.id).filter_by(**each.model_dump())
        if await session.scalar(known):
            raise ExternalIdTaken("externalIds: the other system calls somebody else so.")


async def _settle(
    session: AsyncSession, principal: Principal, person_id: UUID, fact: type[PersonFact]
) -> None:
    await standing.settle(session, principal, told={person_id: [fact]}, today=clock.today())
