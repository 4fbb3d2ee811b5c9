"""What profile knows of a person, removed. An empty row stays, so that others' histories still lead somewhere."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, delete, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.assessments.models import (
    AssessmentResult,
    AssessmentSession,
    SessionAnswers,
)
from services.profile.baselines.models import BaselineLevel, BaselineSnapshot
from services.profile.consents.models import ConsentGrant
from services.profile.credentials.models import Credential
from services.profile.experience.models import Experience, ExperienceRevision
from services.profile.exports.models import Export
from services.profile.interpretations.models import ConfidantInterpretation
from services.profile.journal.models import OWN as JOURNAL
from services.profile.network import erasing as network
from services.profile.people.models import Assignment, ExternalIdentifier, Person, PersonGrant
from services.profile.people.rules import NOBODY, PersonStatus
from services.profile.ratings.models import Rating
from services.profile.skill_tests.models import SkillTestResult
from services.profile.skills.models import AssertionStep, SkillAssertion, SkillEstimate
from services.profile.tables import ACCESS_LOG, PERSON_KEYS
from services.profile.unresolved.models import Unresolved
from shared import sealing
from shared.accesses import keeping
from shared.erasure import Subject
from shared.tenancy import Principal

_AS_PERSON = text("SELECT set_config('app.person', :person, true)")
"""What is theirs alone, row-level policies show to them alone."""
KEPT = frozenset({"tenant_id", "id", "display_name", "status", "sequence"})
OF_PERSON = (
    *JOURNAL,
    Experience,
    BaselineSnapshot,
    ConfidantInterpretation,
    AssessmentResult,
    SessionAnswers,
    AssessmentSession,
    Export,
    SkillTestResult,
    SkillAssertion,
    SkillEstimate,
    Credential,
    PersonGrant,
    ExternalIdentifier,
    Assignment,
)


async def erase(session: AsyncSession, _principal: Principal, person: Subject) -> int:
    """Answers how many rows went or were emptied. Who reported to the person does until another manager is told."""
    await session.execute(_AS_PERSON, {"person": str(person.person_id)})
    removed = await _parts(session, person.person_id)
    asserted = select(SkillAssertion.id).where(SkillAssertion.person_id == person.person_id)
    removed += await _removed(session, AssertionStep, AssertionStep.assertion_id.in_(asserted))
    for model in OF_PERSON:
        removed += await _removed(session, model, model.person_id == person.person_id)
    let_in = or_(
        ConsentGrant.subject_id == person.person_id, ConsentGrant.grantee_id == person.person_id
    )
    removed += await _removed(session, ConsentGrant, let_in)
    in_it = (Rating.person_id, Rating.rater_id, Rating.asked_by_id)
    theirs = or_(*(column == person.person_id for column in in_it))
    removed += await _removed(session, Rating, theirs)
    removed += await keeping.forget(session, ACCESS_LOG, person.person_id)
    removed += await network.erase(session, person.person_id)
    removed += await _forget_words(session, person)
    await session.execute(_AS_PERSON, {"person": ""})
    return removed + await _empty(session, person)


async def _parts(session: AsyncSession, person_id: UUID) -> int:
    """What hangs on rows of the person."""
    recorded = select(Experience.id).where(Experience.person_id == person_id)
    removed = await _removed(
        session, ExperienceRevision, ExperienceRevision.record_id.in_(recorded)
    )
    taken = select(BaselineSnapshot.id).where(BaselineSnapshot.person_id == person_id)
    levels = delete(BaselineLevel).where(BaselineLevel.snapshot_id.in_(taken))
    gone = await session.execute(levels.returning(BaselineLevel.skill_id))
    return removed + len(gone.all())


async def destroy_key(session: AsyncSession, person_id: UUID) -> datetime:
    """What is sealed for the person opens nowhere any more, not in a backup of its table either."""
    return await sealing.destroy(session, PERSON_KEYS, person_id)


async def _empty(session: AsyncSession, person: Subject) -> int:
    names = {column.key for column in Person.__table__.columns} - KEPT
    emptied = await session.execute(
        update(Person)
        .where(Person.id == person.person_id, Person.display_name != NOBODY)
        .values(
            {
                **dict.fromkeys(names),
                "display_name": NOBODY,
                "status": PersonStatus.TERMINATED,
                "sequence": Person.sequence + 1,
            }
        )
        .returning(Person.id)
    )
    return len(emptied.all())


async def _forget_words(session: AsyncSession, person: Subject) -> int:
    """What other systems said of the person and still waits."""
    whole = func.lower(cast(Unresolved.fact, Text))
    named = [func.strpos(whole, needle) > 0 for needle in person.needles()]
    rows = await session.execute(
        select(Unresolved.id, Unresolved.blocked_by, Unresolved.fact).where(
            or_(Unresolved.blocked_by == person.person_id, *named)
        )
    )
    about = [row.id for row in rows if row.blocked_by == person.person_id or person.is_in(row.fact)]
    return await _removed(session, Unresolved, Unresolved.id.in_(about)) if about else 0


async def _removed(session: AsyncSession, model: Any, which: ColumnElement[bool]) -> int:
    removed = await session.execute(delete(model).where(which).returning(model.id))
    return len(removed.all())
