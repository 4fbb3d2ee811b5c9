"""Publishing roles, one or a thousand at once: an equal role makes no version."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.policy import POLICY
from services.goals.roles import queries
from services.goals.roles.events import published
from services.goals.roles.families import ids_of_families
from services.goals.roles.models import Role, RoleVersion
from services.goals.roles.rules import title_stem
from services.goals.roles.schemas import RoleContent, RoleCreate
from shared import clock, events
from shared.bulk import Line, Verdict
from shared.ids import new_id
from shared.problems import Conflict, PreconditionFailed
from shared.tenancy import Principal

REQUIREMENTS_AT_ONCE = 10_000


class RoleCodeTaken(Conflict):
    """This catalogue has a role of that code already."""


class CodeGivenTwice(Conflict):
    """The same code stands in an earlier line of this request."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A role to be stored as its next version; `provenance` says where that comes from if nobody wrote it."""

    role: Role
    content: RoleContent
    is_new: bool
    provenance: dict[str, Any] | None = None


async def create(session: AsyncSession, principal: Principal, *, wanted: RoleCreate) -> Role:
    """Raises `RoleCodeTaken`, `NotFound` and `Forbidden`."""
    await POLICY.require(session, principal, "ROLE", "CHANGE", principal.person_id)
    key = (wanted.catalogue, wanted.code)
    if await queries.of_codes(session, [key]):
        raise RoleCodeTaken(
            f"{wanted.code!r} is taken in {wanted.catalogue!r}: choose another code."
        )
    role = Role(id=new_id(), catalogue=wanted.catalogue, code=wanted.code, version=0)
    await publish(session, principal, [Draft(role, wanted, is_new=True)])
    return role


async def replace(
    session: AsyncSession,
    principal: Principal,
    *,
    role_id: UUID,
    expected_version: int,
    content: RoleContent,
) -> Role:
    """A new version, unless nothing differs. Raises `PreconditionFailed`, `NotFound`, `Forbidden`."""
    await POLICY.require(session, principal, "ROLE", "CHANGE", principal.person_id)
    role = await queries.get_one(session, principal, role_id)
    await session.refresh(role, with_for_update=True)
    if role.version != expected_version:
        raise PreconditionFailed(f"The role is at version {role.version} by now.")
    if role.content_hash != content.fingerprint():
        await publish(session, principal, [Draft(role, content, is_new=False)])
    return role


async def publish_lines(
    session: AsyncSession, principal: Principal, lines: Sequence[Line[RoleCreate]]
) -> None:
    """Settles each line; the statements are as many for one line as for a thousand."""
    await POLICY.require(session, principal, "ROLE", "CHANGE", principal.person_id)
    first: dict[tuple[str, str], Line[RoleCreate]] = {}
    for line in lines:
        key = (line.row.catalogue, line.row.code)
        if first.setdefault(key, line) is not line:
            line.refuse(CodeGivenTwice(f"Line {first[key].number} has the code {line.row.code!r}."))
    known = await queries.of_codes(session, list(first))
    drafts = []
    for key, line in first.items():
        role = known.get(key)
        if role is not None and role.content_hash == line.row.fingerprint():
            line.settle(Verdict.UNCHANGED, role.id)
            continue
        verdict = Verdict.CREATED if role is None else Verdict.CHANGED
        draft = Draft(
            role or Role(id=new_id(), catalogue=key[0], code=key[1], version=0),
            line.row,
            is_new=role is None,
        )
        drafts.append(draft)
        line.settle(verdict, draft.role.id)
    await publish(session, principal, drafts)


async def publish(session: AsyncSession, principal: Principal, drafts: Sequence[Draft]) -> None:
    """Stores and tells the next versions of some roles, by a fixed number of statements."""
    if not drafts:
        return
    families = await ids_of_families(
        session, principal, {(draft.role.catalogue, draft.content.family) for draft in drafts}
    )
    for draft in drafts:
        _fill(draft, families[draft.role.catalogue, draft.content.family])
    session.add_all(draft.role for draft in drafts if draft.is_new)
    await session.flush()
    session.add_all(_version_of(principal, draft) for draft in drafts)
    await session.flush()
    await _store_requirements(session, principal, drafts)
    await events.publish_many(session, principal, facts=[published(draft.role) for draft in drafts])


def _fill(draft: Draft, family_id: UUID) -> None:
    role, content = draft.role, draft.content
    role.family_id, role.family_name = family_id, content.family
    role.title, role.stem = content.title, title_stem(content.title)
    role.level, role.track = content.level, content.track
    role.description, role.onet_soc_code = content.description, content.onet_soc_code
    role.experience = [each.model_dump(by_alias=True) for each in content.experience]
    role.credentials = [each.model_dump(by_alias=True) for each in content.credentials]
    role.content_hash = content.fingerprint()
    role.version += 1
    role.version_id = new_id()
    role.published_at = clock.now()


def _version_of(principal: Principal, draft: Draft) -> RoleVersion:
    role = draft.role
    return RoleVersion(
        id=role.version_id,
        role_id=role.id,
        number=role.version,
        title=role.title,
        family_id=role.family_id,
        level=role.level,
        track=role.track,
        description=role.description,
        onet_soc_code=role.onet_soc_code,
        experience=role.experience,
        credentials=role.credentials,
        content_hash=role.content_hash,
        valid_from=role.published_at,
        published_by=principal.subject,
        provenance=draft.provenance,
    )


async def _store_requirements(
    session: AsyncSession, principal: Principal, drafts: Sequence[Draft]
) -> None:
    rows = [
        (draft.role.version_id, each.skill_id, each.required_level, each.importance, each.mandatory)
        for draft in drafts
        for each in draft.content.requirements
    ]
    for start in range(0, len(rows), REQUIREMENTS_AT_ONCE):
        columns = list(zip(*rows[start : start + REQUIREMENTS_AT_ONCE], strict=True))
        names = ("versions", "skills", "levels", "importances", "mandatories")
        given = {name: list(column) for name, column in zip(names, columns, strict=True)}
        await session.execute(_STORE_REQUIREMENTS, {"tenant": principal.tenant_id, **given})


_STORE_REQUIREMENTS = text(
    """
    INSERT INTO roles_requirement (tenant_id, version_id, skill_id, required_level, importance, mandatory)
    SELECT :tenant, new.*
    FROM unnest(CAST(:versions AS uuid[]), CAST(:skills AS uuid[]), CAST(:levels AS double precision[]),
                CAST(:importances AS double precision[]), CAST(:mandatories AS boolean[])) AS new
    """
)
