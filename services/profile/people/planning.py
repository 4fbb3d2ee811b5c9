"""What each line of `/imports/people` will do, decided before anything is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import any_, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Text

from services.profile.people import naming, standing
from services.profile.people.models import Person
from services.profile.people.naming import Name
from services.profile.people.problems import (
    CircularReporting,
    RepeatedLine,
    SubjectTaken,
    UnknownOrgUnit,
    WorkEmailTaken,
)
from services.profile.people.rules import PersonStatus, Position, circular, first_day, status_on
from services.profile.people.schemas import PersonRow
from services.profile.rowsets import AnyRow
from shared.bulk import Line
from shared.ids import new_id

PLAIN = ("display_name", "preferred_name", "work_email", "subject", "locale", "time_zone")
DATES = ("hire_date", "termination_date")
FIELDS = (*PLAIN, *DATES, "status")


@dataclass(slots=True)
class Plan:
    """What one line will do: to the person's own columns, and to the position from `begin` on."""

    line: Line[PersonRow]
    person_id: UUID
    before: AnyRow | None
    fields: dict[str, Any]
    begin: date
    position: Position = field(default_factory=Position)
    new_position: bool = False
    first: bool = False

    @property
    def is_new(self) -> bool:
        return self.before is None

    @property
    def changed(self) -> dict[str, Any]:
        if self.before is None:
            return self.fields
        old = {name: getattr(self.before, name) for name in self.fields}
        return {name: value for name, value in self.fields.items() if value != old[name]}

    @property
    def was_placed(self) -> bool:
        """Whether there has been a position, so that another one begins today and not with the hire."""
        before = self.before
        return before is not None and (
            before.assignment_since is not None or before.status is PersonStatus.TERMINATED
        )

    @property
    def leaves(self) -> bool:
        return self.changed.get("status") is PersonStatus.TERMINATED


@dataclass(frozen=True, slots=True)
class Known:
    """What the request's keys stand for; `ids` also holds the ids made for those who are new."""

    people: Mapping[Name, AnyRow]
    units: Mapping[Name, UUID]
    ids: Mapping[Name, UUID]


async def plan(
    session: AsyncSession, lines: Sequence[Line[PersonRow]], *, today: date
) -> tuple[list[Plan], Known]:
    """The plans of the lines that can be done; the others are refused. The tree of people is locked."""
    known = await _known(session, lines)
    plans = await without_taken(session, _plans(lines, known, today))
    await _place(session, plans, known, today)
    return await _without_circles(session, plans, today), known


async def _known(session: AsyncSession, lines: Sequence[Line[PersonRow]]) -> Known:
    names: dict[Name, None] = {}
    units: dict[Name, None] = {}
    for line in lines:
        row = line.row
        names[row.system, row.key] = None
        if row.manager_key:
            names[row.system, row.manager_key] = None
        if row.org_unit_key:
            units[row.system, row.org_unit_key] = None
    people = await naming.people_called(session, names)
    ids = {name: people[name].id if name in people else new_id() for name in names}
    return Known(people, await naming.units_called(session, units), ids)


def _plans(lines: Sequence[Line[PersonRow]], known: Known, today: date) -> list[Plan]:
    plans: dict[Name, Plan] = {}
    for line in lines:
        row, name = line.row, (line.row.system, line.row.key)
        if name in plans:
            line.refuse(RepeatedLine("key: send each person once a request."))
        elif row.org_unit_key and (row.system, row.org_unit_key) not in known.units:
            line.refuse(UnknownOrgUnit("orgUnitKey: import the unit first."))
        else:
            before = known.people.get(name)
            fields = fields_of(row, before, today)
            plans[name] = Plan(line, known.ids[name], before, fields, today)
    return list(plans.values())


def fields_of(row: PersonRow, before: AnyRow | None, today: date) -> dict[str, Any]:
    """The person's own columns as the line wants them; what it does not send stays as it is."""
    sent = row.model_fields_set
    old = {name: getattr(before, name) if before is not None else None for name in FIELDS}
    fields = {name: getattr(row, name) if name in sent else old[name] for name in FIELDS}
    if fields["subject"] is None or ("subject" not in sent and old["subject"] == old["work_email"]):
        fields["subject"] = fields["work_email"]
    returns = row.status in (PersonStatus.ACTIVE, PersonStatus.ON_LEAVE)
    if returns and "termination_date" not in sent and old["status"] is PersonStatus.TERMINATED:
        fields["termination_date"] = None
    fields["status"] = status_on(
        today,
        told=row.status,
        before=old["status"],
        hire_date=fields["hire_date"],
        termination_date=fields["termination_date"],
    )
    if fields["status"] is PersonStatus.TERMINATED and fields["termination_date"] is None:
        fields["termination_date"] = today
    return fields


async def without_taken(session: AsyncSession, plans: list[Plan]) -> list[Plan]:
    """Refuses lines whose subject or work e-mail belongs to somebody else, in the database or in an earlier line."""
    subjects = [plan.fields["subject"] for plan in plans if plan.fields["subject"]]
    addresses = [plan.fields["work_email"] for plan in plans if plan.fields["work_email"]]
    rows = await session.execute(
        select(Person.id, Person.subject, Person.work_email).where(
            or_(
                Person.subject == any_(literal(subjects, ARRAY(Text))),
                Person.work_email == any_(literal(addresses, ARRAY(Text))),
            )
        )
    )
    holders: dict[tuple[str, str], UUID] = {}
    for row in rows:
        holders["subject", row.subject] = row.id
        holders["work_email", row.work_email] = row.id
    kept = []
    for plan in plans:
        if _holds(holders, plan, "work_email"):
            plan.line.refuse(WorkEmailTaken("workEmail: another person has it."))
        elif _holds(holders, plan, "subject"):
            plan.line.refuse(SubjectTaken("subject: another person signs in with it."))
        else:
            kept.append(plan)
    return kept


def _holds(holders: dict[tuple[str, str], UUID], plan: Plan, name: str) -> bool:
    """Whether somebody else holds the value; else it is this person's from now on."""
    value = plan.fields[name]
    if value is None:
        return False
    return holders.setdefault((name, value), plan.person_id) != plan.person_id


async def _place(session: AsyncSession, plans: Sequence[Plan], known: Known, today: date) -> None:
    """Compares what each line says about the position with what holds on the day from which it says so."""
    olds = [plan for plan in plans if plan.before is not None]
    for plan in plans:
        row = plan.line.row
        plan.begin = first_day(
            today,
            told=row.effective_from,
            hire_date=plan.fields["hire_date"],
            has_assignment=plan.was_placed,
        )
    then = await standing.in_force(session, {plan.person_id: plan.begin for plan in olds})
    for plan in plans:
        held = then.get(plan.person_id)
        plan.position = _position(plan.line.row, standing.position_of(held), known)
        plan.first = held is None
        plan.new_position = plan.position != standing.position_of(held) and not (
            plan.fields["status"] is PersonStatus.TERMINATED and not plan.is_new
        )


def _position(row: PersonRow, held: Position, known: Known) -> Position:
    sent = row.model_fields_set
    said: dict[str, Any] = {
        name: getattr(row, name)
        for name in ("role_id", "role_title", "level", "employment_type")
        if name in sent
    }
    if said.keys() & {"role_id", "role_title"}:
        said["role_code"] = None
    if "manager_key" in sent:
        said["manager_id"] = known.ids[row.system, row.manager_key] if row.manager_key else None
    if "org_unit_key" in sent:
        said["org_unit_id"] = (
            known.units[row.system, row.org_unit_key] if row.org_unit_key else None
        )
    return replace(held, **said)


async def _without_circles(session: AsyncSession, plans: list[Plan], today: date) -> list[Plan]:
    """Refuses lines whose manager would stand below the person, now or, as the tree will be then, on a day to come."""
    moving = [plan for plan in plans if plan.new_position and plan.position.manager_id]
    now = {p.person_id: p.position.manager_id for p in moving if p.begin <= today}
    later = {p.person_id: p.position.manager_id for p in moving if p.begin > today}
    tree = await standing.managers_above(session, now | later)
    refused = circular(tree, now)
    tree |= {each: to for each, to in now.items() if each not in refused}
    refused |= {each for each, to in later.items() if circular(tree, {each: to})}
    for plan in plans:
        if plan.person_id in refused:
            plan.line.refuse(CircularReporting("managerKey: this manager reports to the person."))
    return [plan for plan in plans if plan.person_id not in refused]
