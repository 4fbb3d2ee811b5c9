"""Filling the catalogue, one resource or a thousand at once: an equal one changes nothing."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.learning import completions, queries
from services.goals.learning.events import changed
from services.goals.learning.models import LearningResource
from services.goals.learning.rules import ResourceStatus
from services.goals.learning.schemas import ResourceContent
from services.goals.policy import POLICY
from shared import events
from shared.bulk import Line, Verdict
from shared.ids import new_id
from shared.problems import Conflict
from shared.tenancy import Principal


class ResourceCodeTaken(Conflict):
    """This provider has a resource of that code already."""


class ResourceGivenTwice(Conflict):
    """The same provider and code stand in an earlier line of this request."""


class _Draft(NamedTuple):
    resource: LearningResource
    content: ResourceContent
    is_new: bool


async def create(
    session: AsyncSession, principal: Principal, *, wanted: ResourceContent
) -> LearningResource:
    """Raises `ResourceCodeTaken`, `NotFound`, `Forbidden`."""
    await POLICY.require(session, principal, "LEARNING_RESOURCE", "CHANGE", principal.person_id)
    await completions.lock(session)
    if await queries.of_codes(session, [(wanted.provider, wanted.code)]):
        raise ResourceCodeTaken(f"{wanted.code!r} of {wanted.provider!r}: choose another code.")
    resource = _new(wanted)
    await _store(session, principal, [_Draft(resource, wanted, is_new=True)])
    return resource


async def store_lines(
    session: AsyncSession, principal: Principal, lines: Sequence[Line[ResourceContent]]
) -> None:
    """Settles each line."""
    await POLICY.require(session, principal, "LEARNING_RESOURCE", "CHANGE", principal.person_id)
    await completions.lock(session)
    first: dict[tuple[str, str], Line[ResourceContent]] = {}
    for line in lines:
        key = (line.row.provider, line.row.code)
        if first.setdefault(key, line) is not line:
            line.refuse(ResourceGivenTwice(f"Line {first[key].number} has {line.row.code!r} too."))
    known = await queries.of_codes(session, list(first))
    drafts = []
    for key, line in first.items():
        resource = known.get(key)
        if resource is not None and resource.content_hash == line.row.fingerprint():
            line.settle(Verdict.UNCHANGED, resource.id)
            continue
        verdict = Verdict.CREATED if resource is None else Verdict.CHANGED
        drafts.append(_Draft(resource or _new(line.row), line.row, is_new=resource is None))
        line.settle(verdict, drafts[-1].resource.id)
    await _store(session, principal, drafts)


def _new(content: ResourceContent) -> LearningResource:
    return LearningResource(
        id=new_id(),
        provider=content.provider,
        code=content.code,
        status=ResourceStatus.ACTIVE,
        version=0,
    )


async def _store(session: AsyncSession, principal: Principal, drafts: Sequence[_Draft]) -> None:
    if not drafts:
        return
    for draft in drafts:
        _fill(draft)
    session.add_all(draft.resource for draft in drafts if draft.is_new)
    await session.flush()
    await _store_skills(session, principal, drafts)
    await events.publish_many(
        session, principal, facts=[changed(draft.resource) for draft in drafts]
    )
    codes = [draft.resource.code for draft in drafts if draft.is_new]
    await completions.resolve(session, principal, await queries.unresolved_of_codes(session, codes))


def _fill(draft: _Draft) -> None:
    resource, content = draft.resource, draft.content
    for name in ("title", "type", "url", "hours", "cost", "currency", "language"):
        setattr(resource, name, getattr(content, name))
    resource.skills = [each.model_dump(mode="json", by_alias=True) for each in content.skills]
    resource.content_hash = content.fingerprint()
    resource.version += 1


async def _store_skills(
    session: AsyncSession, principal: Principal, drafts: Sequence[_Draft]
) -> None:
    rows = [
        (draft.resource.id, each.skill_id, each.expected_delta)
        for draft in drafts
        for each in draft.content.skills
    ]
    resources = [draft.resource.id for draft in drafts]
    await session.execute(_FORGET_SKILLS, {"resources": resources})
    columns = [[row[place] for row in rows] for place in range(3)]
    given = dict(zip(("owners", "skills", "deltas"), columns, strict=True))
    await session.execute(_STORE_SKILLS, {"tenant": principal.tenant_id, **given})


_FORGET_SKILLS = text("DELETE FROM learning_skill WHERE resource_id = ANY(:resources)")

_STORE_SKILLS = text(
    """
    INSERT INTO learning_skill (tenant_id, resource_id, skill_id, expected_delta)
    SELECT :tenant, new.*
    FROM unnest(CAST(:owners AS uuid[]), CAST(:skills AS uuid[]),
                CAST(:deltas AS double precision[])) AS new
    """
)
