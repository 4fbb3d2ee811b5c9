"""Reading the catalogue, which is everybody's, and records, which are about somebody."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.learning.models import LearningRecord, LearningResource, LearningUnresolved
from services.goals.people.models import Person
from services.goals.policy import POLICY
from services.goals.searching import holds
from shared.policy import me
from shared.problems import Forbidden, NotFound
from shared.tenancy import Principal

TOLD_ORDER = (LearningUnresolved.said_at, LearningUnresolved.id)


def readable(principal: Principal) -> ColumnElement[bool]:
    return POLICY.visible(principal, "LEARNING_RESOURCE", "READ", me(principal))


def matching(
    principal: Principal, *, search: str | None, provider: str | None
) -> Select[LearningResource]:
    """Resources whose title or code holds the words."""
    rows = select(LearningResource).where(readable(principal))
    if search:
        rows = rows.where(holds(search, LearningResource.title, LearningResource.code))
    return rows.where(LearningResource.provider == provider) if provider else rows


async def get_resource(
    session: AsyncSession, principal: Principal, resource_id: UUID
) -> LearningResource:
    """Raises `NotFound`."""
    resource = await session.scalar(
        select(LearningResource).where(LearningResource.id == resource_id, readable(principal))
    )
    if resource is None:
        raise NotFound
    return resource


async def of_codes(
    session: AsyncSession, codes: Sequence[tuple[str, str]]
) -> Mapping[tuple[str, str], LearningResource]:
    """The resources of these (provider, code), locked."""
    rows = await session.scalars(
        select(LearningResource)
        .where(tuple_(LearningResource.provider, LearningResource.code).in_(codes))
        .order_by(LearningResource.id)
        .with_for_update()
    )
    return {(each.provider, each.code): each for each in rows}


Catalogue = Mapping[str, Sequence[LearningResource]]
"""Resources by their code; several providers may have one of the same."""


async def with_codes(session: AsyncSession, codes: Collection[str]) -> Catalogue:
    found: dict[str, list[LearningResource]] = defaultdict(list)
    rows = select(LearningResource).where(LearningResource.code.in_(codes))
    for resource in await session.scalars(rows):
        found[resource.code].append(resource)
    return found


def called(catalogue: Catalogue, *, provider: str | None, code: str) -> LearningResource | None:
    """The one resource of that code, of that provider if one is told."""
    found = [each for each in catalogue.get(code, ()) if provider in (None, each.provider)]
    return found[0] if len(found) == 1 else None


def records(principal: Principal, *, person_id: UUID | None) -> Select[LearningRecord]:
    visible = POLICY.visible(principal, "LEARNING_RECORD", "READ", LearningRecord.person_id)
    rows = select(LearningRecord).where(visible)
    return rows if person_id is None else rows.where(LearningRecord.person_id == person_id)


async def record_for_change(
    session: AsyncSession, principal: Principal, record_id: UUID
) -> tuple[LearningRecord, LearningResource]:
    """Locked, with its resource. Raises `NotFound`, `Forbidden`."""
    may = POLICY.visible(principal, "LEARNING_RECORD", "CHANGE", LearningRecord.person_id)
    found = await session.execute(
        records(principal, person_id=None)
        .add_columns(LearningResource, may.label("may"))
        .join(LearningResource, LearningResource.id == LearningRecord.resource_id)
        .where(LearningRecord.id == record_id)
        .with_for_update(of=LearningRecord)
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound
    record, resource, allowed = row
    if not allowed:
        raise Forbidden("You may read this learning record, but not change it.")
    return record, resource


async def record_of(
    session: AsyncSession, person_id: UUID, resource_id: UUID
) -> LearningRecord | None:
    """Locked."""
    return await session.scalar(
        select(LearningRecord)
        .where(LearningRecord.person_id == person_id, LearningRecord.resource_id == resource_id)
        .with_for_update()
    )


async def unresolved_of_person(
    session: AsyncSession, names: Sequence[str]
) -> Sequence[LearningUnresolved]:
    """What waits for somebody of these identifiers or e-mail addresses."""
    rows = select(LearningUnresolved).where(
        or_(LearningUnresolved.external_id.in_(names), LearningUnresolved.email.in_(names))
    )
    return (await session.scalars(rows.order_by(*TOLD_ORDER))).all()


async def unresolved_of_codes(
    session: AsyncSession, codes: Sequence[str]
) -> Sequence[LearningUnresolved]:
    rows = select(LearningUnresolved).where(LearningUnresolved.code.in_(codes))
    return (await session.scalars(rows.order_by(*TOLD_ORDER))).all()


async def require_person(session: AsyncSession, person_id: UUID) -> None:
    """Raises `NotFound`."""
    if await session.scalar(select(Person.id).where(Person.id == person_id)) is None:
        raise NotFound
