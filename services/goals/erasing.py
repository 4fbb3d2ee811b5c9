"""Goals' part when a person is erased: goals, learning, levels and log go; an empty person keeps the trees whole."""

from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.events import handlers
from services.goals.goals.models import Goal, GoalMilestone, GoalUpdate
from services.goals.learning.models import LearningRecord, LearningUnresolved
from services.goals.people.models import (
    NOBODY,
    TERMINATED,
    Person,
    PersonIdentifier,
    SkillLevel,
)
from services.goals.people.records import Credential, Experience, Expertise, ToldLevel
from services.goals.tables import ACCESS_LOG
from shared.accesses import keeping
from shared.erasure import Erasing, Receipt, Subject
from shared.tenancy import Principal

COPIES = (SkillLevel, ToldLevel, Experience, Credential, Expertise, PersonIdentifier)
KEPT = frozenset(
    {"tenant_id", "id", "display_name", "status", "manager_id", "reports_to_id", "sequence"}
)


class ErasureReceipted(Receipt, type="waymark.goals.erasure.receipted.v1"):
    """Goals has removed the person."""


async def erase(session: AsyncSession, _principal: Principal, person: Subject) -> int:
    """What somebody noted on another's goal stays with that goal, under an id that leads to nothing."""
    own = select(Goal.id).where(Goal.person_id == person.person_id)
    await session.execute(
        update(Goal).where(Goal.parent_goal_id.in_(own)).values(parent_goal_id=None)
    )
    removed = await _removed(session, GoalUpdate, GoalUpdate.goal_id.in_(own))
    removed += await _removed(session, GoalMilestone, GoalMilestone.goal_id.in_(own))
    for model in (Goal, LearningRecord, *COPIES):
        removed += await _removed(session, model, model.person_id == person.person_id)
    removed += await _removed(session, Expertise, Expertise.grantee_id == person.person_id)
    removed += await _removed(session, LearningUnresolved, _waits_for(person))
    removed += await keeping.forget(session, ACCESS_LOG, person.person_id)
    return removed + await _empty(session, person)


def _waits_for(person: Subject) -> ColumnElement[bool]:
    named = [
        and_(LearningUnresolved.system == each.system, LearningUnresolved.external_id == each.value)
        for each in person.identifiers
    ]
    return or_(func.lower(LearningUnresolved.email).in_(person.texts), *named)


async def _empty(session: AsyncSession, person: Subject) -> int:
    names = {column.key for column in Person.__table__.columns} - KEPT
    emptied = await session.execute(
        update(Person)
        .where(Person.id == person.person_id, Person.display_name != NOBODY)
        .values(
            {
                **dict.fromkeys(names),
                "display_name": NOBODY,
                "status": TERMINATED,
                "grants": [],
                "external_ids": [],
            }
        )
        .returning(Person.id)
    )
    return len(emptied.all())


async def _removed(session: AsyncSession, model: Any, which: ColumnElement[bool]) -> int:
    removed = await session.execute(delete(model).where(which).returning(model.tenant_id))
    return len(removed.all())


Erasing("goals", ErasureReceipted, erase).listen(handlers, group="people")
