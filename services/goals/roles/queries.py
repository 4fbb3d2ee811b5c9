"""Reading roles: everybody of the tenant may."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.policy import POLICY
from services.goals.roles.models import Role, RoleFamily, RoleSkill
from services.goals.searching import holds
from shared.policy import me
from shared.problems import NotFound
from shared.tenancy import Principal


def readable(principal: Principal) -> ColumnElement[bool]:
    """A role is about nobody, so the rule needs no person's column."""
    return POLICY.visible(principal, "ROLE", "READ", me(principal))


def matching(
    principal: Principal, *, search: str | None, family: str | None, catalogue: str | None
) -> Select[Role]:
    """Roles whose title or code holds the words, of a family's name, of a catalogue."""
    rows = select(Role).where(readable(principal))
    if search:
        rows = rows.where(holds(search, Role.title, Role.code))
    if family:
        rows = rows.where(Role.family_name == family)
    return rows.where(Role.catalogue == catalogue) if catalogue else rows


def families(principal: Principal, *, catalogue: str | None) -> Select[RoleFamily]:
    rows = select(RoleFamily).where(readable(principal))
    return rows.where(RoleFamily.catalogue == catalogue) if catalogue else rows


async def get_one(session: AsyncSession, principal: Principal, role_id: UUID) -> Role:
    """Raises `NotFound`."""
    role = await session.scalar(select(Role).where(Role.id == role_id, readable(principal)))
    if role is None:
        raise NotFound
    return role


async def requirements_of(session: AsyncSession, version_id: UUID) -> Sequence[RoleSkill]:
    """The heaviest first."""
    return (
        await session.scalars(
            select(RoleSkill)
            .where(RoleSkill.version_id == version_id)
            .order_by(RoleSkill.importance.desc(), RoleSkill.skill_id)
        )
    ).all()


async def next_of(session: AsyncSession, role: Role) -> Sequence[Role]:
    """The roles one step above: same catalogue, family and title stem, the next level that there is."""
    if role.level is None:
        return []
    ladder = (
        Role.family_id == role.family_id,
        Role.stem == role.stem,
    )
    following = (
        select(func.min(Role.level)).where(*ladder, Role.level > role.level).scalar_subquery()
    )
    return (
        await session.scalars(
            select(Role).where(*ladder, Role.level == following).order_by(Role.title, Role.id)
        )
    ).all()


async def of_codes(
    session: AsyncSession, codes: Sequence[tuple[str, str]]
) -> Mapping[tuple[str, str], Role]:
    """The roles of these (catalogue, code), locked so that two imports make no version twice."""
    rows = await session.scalars(
        select(Role)
        .where(tuple_(Role.catalogue, Role.code).in_(codes))
        .order_by(Role.id)
        .with_for_update()
    )
    return {(role.catalogue, role.code): role for role in rows}
