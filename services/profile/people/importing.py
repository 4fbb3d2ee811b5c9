"""The bulk door of people: 1,000 lines are read, decided and written in a fixed number of statements."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people import assigning, events, naming, planning, standing
from services.profile.people.models import Assignment, Person
from services.profile.people.planning import FIELDS, Known, Plan
from services.profile.people.rules import ChangeReason, PersonStatus
from services.profile.people.schemas import PersonRow
from services.profile.rowsets import insert_rows, update_rows
from shared import clock
from shared.bulk import Line, Verdict
from shared.ids import new_id
from shared.tenancy import Principal


async def apply(
    session: AsyncSession, principal: Principal, lines: Sequence[Line[PersonRow]]
) -> None:
    """Settles or refuses each line. Refusals: circular-reporting, unknown-org-unit, work-email-taken, …"""
    today = clock.today()
    await standing.lock(session)
    plans, known = await planning.plan(session, lines, today=today)
    await _write(session, principal, plans, known, today)
    for plan in plans:
        verdict = Verdict.CHANGED if plan.changed or plan.new_position else Verdict.UNCHANGED
        plan.line.settle(Verdict.CREATED if plan.is_new else verdict, plan.person_id)


async def _write(
    session: AsyncSession,
    principal: Principal,
    plans: Sequence[Plan],
    known: Known,
    today: date,
) -> None:
    told = await _write_people(session, plans, known)
    ends = {p.person_id: p.fields["termination_date"] for p in plans if p.leaves and not p.is_new}
    await assigning.close(session, ends)
    placed = [plan for plan in plans if plan.new_position]
    await insert_rows(session, Assignment, [_assignment(plan) for plan in placed])
    for plan in placed:
        told.setdefault(plan.person_id, [])
    await assigning.plan_due(
        session,
        principal,
        [
            day
            for plan in plans
            for day in (plan.begin, plan.fields["hire_date"], plan.fields["termination_date"])
            if plan.changed or plan.new_position
        ],
    )
    await standing.settle(session, principal, told=told, today=today, refuse_circles=False)


async def _write_people(
    session: AsyncSession, plans: Sequence[Plan], known: Known
) -> dict[UUID, list[type[events.PersonFact]]]:
    """Writes new persons, those only known as managers, and changed ones; answers what to tell of each."""
    new = [plan for plan in plans if plan.is_new]
    names = {(plan.line.row.system, plan.line.row.key): plan.person_id for plan in new}
    managers = {plan.position.manager_id for plan in plans if plan.new_position}
    unknown = {
        name: each
        for name, each in known.ids.items()
        if each in managers and name not in names and name not in known.people
    }
    blank = dict.fromkeys(FIELDS)
    await insert_rows(
        session,
        Person,
        [{"id": plan.person_id, **plan.fields, "sequence": 0} for plan in new]
        + [blank | naming.placeholder(each, name) for name, each in unknown.items()],
    )
    await naming.name_people(session, names | unknown)
    changed = [plan for plan in plans if not plan.is_new and plan.changed]
    await update_rows(session, Person, [{"id": p.person_id, **p.fields} for p in changed])
    told: dict[UUID, list[type[events.PersonFact]]] = {
        each: [events.PersonRegistered] for each in (*names.values(), *unknown.values())
    }
    return told | {plan.person_id: [fact_of(plan)] for plan in changed}


def fact_of(plan: Plan) -> type[events.PersonFact]:
    if plan.leaves:
        return events.PersonTerminated
    if plan.before is not None and plan.before.status is PersonStatus.TERMINATED:
        back = plan.fields["status"] is not PersonStatus.TERMINATED
        return events.PersonReactivated if back else events.PersonUpdated
    return events.PersonUpdated


def _assignment(plan: Plan) -> dict[str, Any]:
    ends = plan.fields["termination_date"]
    default = ChangeReason.HIRE if plan.first else ChangeReason.OTHER
    return {
        "id": new_id(),
        "person_id": plan.person_id,
        **{name: getattr(plan.position, name) for name in standing.POSITION},
        "is_primary": True,
        "change_reason": plan.line.row.change_reason or default,
        "valid_from": plan.begin,
        "valid_to": ends if plan.leaves and ends > plan.begin else None,
        "recorded_at": clock.now(),
    }
