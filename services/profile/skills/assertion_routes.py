"""The doors of what is said about people's skills, and of what follows from it."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response, status
from pydantic import AwareDatetime

from services.profile.accesses.commands import noted
from services.profile.skills import growth, queries, recording
from services.profile.skills.level_schemas import (
    GroupRead,
    LevelRead,
    PastLevelRead,
)
from services.profile.skills.models import SkillAssertion
from services.profile.skills.schemas import (
    AssertionCreate,
    AssertionRead,
    Decision,
    Retraction,
)
from shared.door import Acting, Transaction, router
from shared.paging import Paging, link_next
from shared.schemas import Day

routes = router("/skills", "skills")

People = Annotated[
    list[UUID],
    Query(alias="personId", min_length=1, max_length=100, description="Repeat for more."),
]

KnownAt = Annotated[
    AwareDatetime | None,
    Query(alias="knownAt", description="By what was known at this moment, else by what is now."),
]


@routes.get("/levels", response_model=list[LevelRead])
async def list_levels(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    page: Paging,
    people: People,
    skill_ids: Annotated[list[UUID], Query(alias="skillId", max_length=100)] = [],  # noqa: B006
) -> list[LevelRead]:
    """What is known of these persons' skills, each with the trace that it can be recomputed from."""
    found, after = await queries.levels(
        session, principal, people=people, skills=skill_ids, page=page
    )
    await noted(session, principal, what="SKILL_LEVELS", people={each.person_id for each in found})
    link_next(request, response, after)
    return found


@routes.get("/levels/past", response_model=list[PastLevelRead])
async def list_past_levels(
    session: Transaction,
    principal: Acting,
    person_id: Annotated[UUID, Query(alias="personId")],
    valid_at: Annotated[Day, Query(alias="validAt", description="The day of the levels.")],
    known_at: KnownAt = None,
) -> list[PastLevelRead]:
    """What somebody mastered on a day, recomputed from what has been said."""
    found = await growth.levels_on(
        session, principal, person_id=person_id, valid_at=valid_at, known_at=known_at
    )
    await noted(session, principal, what="SKILL_LEVELS", people=[person_id] if found else [])
    return found


@routes.get("/groups", response_model=list[GroupRead])
async def list_groups(session: Transaction, principal: Acting, people: People) -> Sequence[Any]:
    """The skills of these persons that have others below them: their levels by these, with what is not assessed."""
    found = await queries.groups(session, principal, people=people)
    await noted(session, principal, what="SKILL_LEVELS", people={each.person_id for each in found})
    return found


@routes.get("/assertions", response_model=list[AssertionRead])
async def list_assertions(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    page: Paging,
    people: People,
    skill_id: Annotated[UUID | None, Query(alias="skillId")] = None,
) -> Sequence[SkillAssertion]:
    """What is said about these persons' skills."""
    found, after = await queries.assertions(
        session, principal, people=people, skill_id=skill_id, page=page
    )
    shown = {each.person_id for each in found}
    await noted(session, principal, what="SKILL_ASSERTIONS", people=shown)
    link_next(request, response, after)
    return found


@routes.post("/assertions", response_model=AssertionRead, status_code=status.HTTP_201_CREATED)
async def record_assertion(
    response: Response, session: Transaction, principal: Acting, new: AssertionCreate
) -> SkillAssertion:
    """Says something about a person's skill; the level follows in the same transaction."""
    assertion_id = await recording.record(session, principal, new=new)
    response.headers["Location"] = f"/skills/assertions/{assertion_id}"
    return await queries.assertion(session, principal, assertion_id)


@routes.get("/assertions/{assertion_id}", response_model=AssertionRead)
async def read_assertion(
    session: Transaction, principal: Acting, assertion_id: UUID
) -> SkillAssertion:
    """One statement."""
    found = await queries.assertion(session, principal, assertion_id)
    await noted(session, principal, what="SKILL_ASSERTIONS", people=[found.person_id])
    return found


@routes.post("/assertions/{assertion_id}/request-review", response_model=AssertionRead)
async def request_review(
    session: Transaction, principal: Acting, assertion_id: UUID
) -> SkillAssertion:
    """Asks the manager or HR to stand for it."""
    await recording.request_review(session, principal, assertion_id=assertion_id)
    return await queries.assertion(session, principal, assertion_id)


@routes.post("/assertions/{assertion_id}/confirm", response_model=AssertionRead)
async def confirm_assertion(
    session: Transaction, principal: Acting, assertion_id: UUID, decision: Decision
) -> SkillAssertion:
    """Stands for what somebody else said."""
    await recording.confirm(session, principal, assertion_id=assertion_id, reason=decision.reason)
    return await queries.assertion(session, principal, assertion_id)


@routes.post("/assertions/{assertion_id}/reject", response_model=AssertionRead)
async def reject_assertion(
    session: Transaction, principal: Acting, assertion_id: UUID, decision: Decision
) -> SkillAssertion:
    """Does not agree with what somebody else said."""
    await recording.reject(session, principal, assertion_id=assertion_id, reason=decision.reason)
    return await queries.assertion(session, principal, assertion_id)


@routes.post("/assertions/{assertion_id}/retract", response_model=AssertionRead)
async def retract_assertion(
    session: Transaction, principal: Acting, assertion_id: UUID, retraction: Retraction
) -> SkillAssertion:
    """Takes back what one has said, and says why."""
    await recording.retract(session, principal, assertion_id=assertion_id, reason=retraction.reason)
    return await queries.assertion(session, principal, assertion_id)
