"""A person as an HR system tells them: made or changed by the rules of the bulk door."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people import assigning, events, importing, naming, planning, references
from services.profile.people.models import Person
from services.profile.people.planning import Plan
from services.profile.people.problems import WorkEmailTaken
from services.profile.people.references import Match
from services.profile.people.rules import PersonStatus
from services.profile.people.schemas import PersonRow
from services.profile.people.standing import settle
from services.profile.people.told import PersonReference, PersonTold
from services.profile.rowsets import insert_rows, update_rows
from services.profile.unresolved import commands as unresolved
from services.profile.unresolved.commands import Word, resolves, word_of
from services.profile.unresolved.models import Unresolved
from services.profile.unresolved.rules import Kind, Obstacle, Reason
from shared import clock
from shared.bulk import Line
from shared.ids import new_id
from shared.tenancy import Principal

NAMED = (
    "display_name",
    "preferred_name",
    "work_email",
    "locale",
    "time_zone",
    "hire_date",
)


async def apply(session: AsyncSession, principal: Principal, word: Word[PersonTold]) -> None:
    """Makes or changes the person. Waits while two persons could be meant, or another has the work e-mail."""
    await references.lock(session)
    word = await unresolved.joined(session, Kind.PERSON, word)
    told = word.told
    match = await references.find(session, told.system, _reference(told))
    obstacle = match.obstacle
    if obstacle is None or obstacle.reason is Reason.UNKNOWN_PERSON:
        obstacle = await _try(session, principal, told, match)
    if obstacle:
        await unresolved.keep(session, Kind.PERSON, word, obstacle)
    else:
        await unresolved.let_go(session, Kind.PERSON, word.subject)


@resolves(Kind.PERSON)
async def resolve(session: AsyncSession, principal: Principal, entry: Unresolved) -> None:
    await apply(session, principal, word_of(entry, PersonTold))


def _reference(told: PersonTold) -> PersonReference:
    return told.person.model_copy(update={"email": told.person.email or told.work_email})


async def _try(
    session: AsyncSession, principal: Principal, told: PersonTold, match: Match
) -> Obstacle | None:
    try:
        row = _row(told, match)
    except ValidationError:
        return Obstacle(Reason.INVALID)
    today = clock.today()
    person_id = match.person.id if match.person else new_id()
    fields = planning.fields_of(row, match.person, today)
    plan = Plan(Line(1, row, row.key), person_id, match.person, fields, today)
    if not await planning.without_taken(session, [plan]):
        return await _taken(session, plan)
    await _write(session, principal, plan, told, match)
    return None


def _row(told: PersonTold, match: Match) -> PersonRow:
    """A line of the bulk door. Raises `ValidationError`."""
    before, key = match.person, told.person.external_id
    said: dict[str, Any] = {
        name: value for name in NAMED if (value := getattr(told, name)) is not None
    }
    address = told.person.email
    if before is None and address:
        said.setdefault("work_email", address)
    status = (told.status or "").upper()
    if status in PersonStatus.__members__ and not _is_old(told, match):
        said["status"] = status
    name = before.display_name if before else told.preferred_name or key or address
    said.setdefault("display_name", name)
    return PersonRow(system=told.system, key=key or address or "", **said)


def _is_old(told: PersonTold, match: Match) -> bool:
    """Whether a newer word has said whether the person works here."""
    last = match.person.status_said_at if match.person else None
    return last is not None and told.said_at < last


async def _taken(session: AsyncSession, plan: Plan) -> Obstacle:
    email, subject = plan.fields["work_email"], plan.fields["subject"]
    if isinstance(plan.line.problem, WorkEmailTaken):
        holder = await session.scalar(select(Person.id).where(Person.work_email == email))
        return Obstacle(Reason.WORK_EMAIL_TAKEN, blocked_by=holder)
    holder = await session.scalar(select(Person.id).where(Person.subject == subject))
    return Obstacle(Reason.SUBJECT_TAKEN, blocked_by=holder)


async def _write(
    session: AsyncSession, principal: Principal, plan: Plan, told: PersonTold, match: Match
) -> None:
    facts: list[type[events.PersonFact]] = []
    key = told.person.external_id
    if plan.is_new:
        await insert_rows(session, Person, [{"id": plan.person_id, **plan.fields, "sequence": 0}])
        facts = [events.PersonRegistered]
    elif plan.changed:
        await update_rows(session, Person, [{"id": plan.person_id, **plan.fields}])
        facts = [importing.fact_of(plan)]
    if key and (plan.is_new or match.attach):
        await naming.name_people(session, {(told.system, key): plan.person_id})
        facts = facts or [events.PersonUpdated]
    if plan.line.row.status is not None:
        await said_status(session, plan.person_id, told)
    ends: date | None = plan.fields["termination_date"]
    if plan.leaves and not plan.is_new and ends:
        await assigning.close(session, {plan.person_id: ends})
    if facts:
        await assigning.plan_due(session, principal, {plan.fields["hire_date"], ends})
        today = clock.today()
        await settle(
            session, principal, told={plan.person_id: facts}, today=today, refuse_circles=False
        )


async def said_status(session: AsyncSession, person_id: UUID, told: unresolved.Said) -> None:
    """Notes when the HR system last said whether the person works here."""
    await update_rows(session, Person, [{"id": person_id, "status_said_at": told.said_at}])
