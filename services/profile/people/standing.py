"""Where people stand on a day: assignments in force become the person's own columns, the tree and the facts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, any_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Uuid

from services.profile.people import events
from services.profile.people.events import PersonFact
from services.profile.people.models import Assignment, Person, reporting_line
from services.profile.people.problems import CircularReporting
from services.profile.people.rules import PersonStatus, Position, circular
from services.profile.rowsets import AnyRow, AnySelect, rowset, update_rows
from shared import trees
from shared.tenancy import Principal

POSITION = (
    "manager_id",
    "org_unit_id",
    "role_id",
    "role_code",
    "role_title",
    "level",
    "employment_type",
)
KEPT = ("assignment_id", *POSITION, "assignment_since")

Told = Mapping[UUID, Sequence[type[PersonFact]]]
Standing = AnyRow


async def lock(session: AsyncSession) -> None:
    """Every change of people takes its turn in its tenant: what is read after this stays as it was read."""
    await trees.lock(session, reporting_line)


async def in_force(session: AsyncSession, days: Mapping[UUID, date]) -> dict[UUID, AnyRow]:
    """The primary assignment that holds for each person on their day, for those who have one."""
    if not days:
        return {}
    asked = [{"person_id": person, "valid_from": day} for person, day in days.items()]
    given = rowset([Assignment.__table__.c.person_id, Assignment.__table__.c.valid_from], asked)
    begun = (
        select(Assignment.__table__, given.c.valid_from.label("on_day"))
        .join(given, given.c.person_id == Assignment.person_id)
        .where(Assignment.is_primary, Assignment.valid_from <= given.c.valid_from)
        .ext(distinct_on(Assignment.person_id))
        .order_by(
            Assignment.person_id,
            Assignment.valid_from.desc(),
            Assignment.recorded_at.desc(),
            Assignment.id.desc(),
        )
        .subquery()
    )
    holds = or_(begun.c.valid_to.is_(None), begun.c.valid_to > begun.c.on_day)
    rows = await session.execute(select(begun).where(holds))
    return {row.person_id: row for row in rows}


def position_of(assignment: AnyRow | None) -> Position:
    if assignment is None:
        return Position()
    return Position(**{name: getattr(assignment, name) for name in POSITION})


async def circular_moves(session: AsyncSession, wanted: Mapping[UUID, UUID | None]) -> set[UUID]:
    """Those whose new manager would stand below them; the tree is locked."""
    if not any(wanted.values()):
        return set()
    return circular(await managers_above(session, wanted), wanted)


async def managers_above(
    session: AsyncSession, wanted: Mapping[UUID, UUID | None]
) -> dict[UUID, UUID | None]:
    """The present manager of everybody who stands above these persons or above the managers wanted for them."""
    concerned = [*wanted, *(manager for manager in wanted.values() if manager)]
    above = ancestors(reporting_line, concerned)
    rows = await session.execute(select(Person.id, Person.manager_id).where(Person.id == above))
    return {row.id: row.manager_id for row in rows}


def ancestors(tree: Table, nodes: Sequence[UUID]) -> ColumnElement[Any]:
    """Any of those above the nodes, as one array: a join is planned badly while an import fills the tables."""
    above = select(tree.c.ancestor_id).distinct()
    above = above.where(tree.c.descendant_id == any_(literal(list(nodes), ARRAY(Uuid))))
    return any_(func.array(above.scalar_subquery()))


async def settle(
    session: AsyncSession,
    principal: Principal,
    *,
    told: Told,
    today: date,
    refuse_circles: bool = True,
) -> None:
    """Brings these persons in line with their assignments, counts the change and publishes `told` and what follows.

    The tree is locked. Raises `CircularReporting`; without `refuse_circles` such a person keeps the manager.
    """
    people = (await session.execute(_standings(told))).all()
    force = await in_force(session, {person.id: today for person in people})
    after = {person.id: _kept(person, force.get(person.id)) for person in people}
    moves = {
        person.id: after[person.id]["manager_id"]
        for person in people
        if after[person.id]["manager_id"] != person.manager_id
    }
    for person_id in await circular_moves(session, moves):
        if refuse_circles:
            raise CircularReporting(
                "managerId: choose a manager who does not report to this person."
            )
        after[person_id]["manager_id"] = next(p.manager_id for p in people if p.id == person_id)
    facts = {p.id: [*told[p.id], *_following(p, after[p.id], told[p.id])] for p in people}
    changed = [p for p in people if facts[p.id]]
    await update_rows(
        session,
        Person,
        [{"id": p.id, **after[p.id], "sequence": p.sequence + 1} for p in changed],
    )
    await _refresh_tree(session, changed, after)
    await events.tell(session, principal, {p.id: facts[p.id] for p in changed})


def _standings(told: Iterable[UUID]) -> AnySelect:
    columns = [getattr(Person, name) for name in KEPT]
    return select(Person.id, Person.status, Person.sequence, *columns).where(
        Person.id == any_(literal(list(told), ARRAY(Uuid)))
    )


def _kept(person: Standing, assignment: AnyRow | None) -> dict[str, Any]:
    """The person's columns that repeat the assignment in force; who has none keeps all but the manager."""
    if assignment is None or person.status is PersonStatus.TERMINATED:
        last = {name: getattr(person, name) for name in KEPT}
        return last | {"assignment_id": None, "manager_id": None}
    position = {name: getattr(assignment, name) for name in POSITION}
    return {
        "assignment_id": assignment.id,
        **position,
        "assignment_since": assignment.valid_from,
    }


def _following(
    person: Standing, after: Mapping[str, Any], told: Sequence[type[PersonFact]]
) -> list[type[PersonFact]]:
    facts: list[type[PersonFact]] = []
    if after["assignment_id"] != person.assignment_id:
        if person.assignment_id is None:
            facts.append(events.AssignmentStarted)
        elif after["assignment_id"] is None:
            facts.append(events.AssignmentEnded)
        else:
            facts.append(events.AssignmentChanged)
    if after["manager_id"] != person.manager_id and events.PersonRegistered not in told:
        facts.append(events.ManagerChanged)
    return facts


async def _refresh_tree(
    session: AsyncSession, people: Sequence[Standing], after: Mapping[UUID, Mapping[str, Any]]
) -> None:
    """Rewrites the paths of those who are new (their sequence was 0) or have another manager."""
    moved = [
        person.id
        for person in people
        if person.sequence == 0 or after[person.id]["manager_id"] != person.manager_id
    ]
    if moved:
        table = Person.__table__
        assert isinstance(table, Table)
        await trees.refresh(session, reporting_line, table, parent="manager_id", changed=moved)
