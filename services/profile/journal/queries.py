"""Reading one's own journal. The predicates say what the row-level policy of the tables says too."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.journal import texts
from services.profile.journal.models import Aspiration, Insight, Note, Reflection
from services.profile.journal.rules import NoteKind
from services.profile.journal.schemas import (
    AspirationRead,
    InsightRead,
    NoteRead,
    ReflectionRead,
    StrengthRead,
)
from services.profile.journal.strengths import standing_out
from services.profile.policy import POLICY
from shared.paging import PageRequest, page_of
from shared.problems import NotFound
from shared.schemas import Output
from shared.tenancy import Principal

Entry = TypeVar("Entry", Reflection, Note, Aspiration, Insight)
Shown = TypeVar("Shown", bound=Output)


async def reflections(
    session: AsyncSession, principal: Principal, *, prompt_code: str | None, page: PageRequest
) -> tuple[list[ReflectionRead], UUID | None]:
    """In the order of writing."""
    rows = _own(principal, Reflection)
    if prompt_code is not None:
        rows = rows.where(Reflection.prompt_code == prompt_code)
    found, after = await page_of(session, rows, key=Reflection.id, page=page)
    return await _opened(session, principal, found, ReflectionRead), after


async def notes(
    session: AsyncSession, principal: Principal, *, kinds: Sequence[NoteKind], page: PageRequest
) -> tuple[list[NoteRead], UUID | None]:
    rows = _own(principal, Note)
    if kinds:
        rows = rows.where(Note.kind.in_(kinds))
    found, after = await page_of(session, rows, key=Note.id, page=page)
    return await _opened(session, principal, found, NoteRead), after


async def aspirations(session: AsyncSession, principal: Principal) -> list[AspirationRead]:
    found = (await session.scalars(_own(principal, Aspiration).order_by(Aspiration.id))).all()
    return await _opened(session, principal, found, AspirationRead, text="field_text")


async def insights(
    session: AsyncSession, principal: Principal, *, page: PageRequest
) -> tuple[list[InsightRead], UUID | None]:
    found, after = await page_of(session, _own(principal, Insight), key=Insight.id, page=page)
    return await _opened(session, principal, found, InsightRead), after


async def strengths(session: AsyncSession, principal: Principal) -> list[StrengthRead]:
    """Strengths first, those that stand out most before the others."""
    rows = standing_out(principal)
    order = (rows.c.standing.desc(), rows.c.level.desc().nulls_last(), rows.c.skill_id)
    found = (await session.execute(select(rows).order_by(*order))).mappings().all()
    if principal.person_id is None or not found:
        return []
    opened = await texts.opener(session, principal.person_id)
    return [
        StrengthRead.model_validate(dict(row) | {"text": opened(row["view_id"], row["sealed"])})
        for row in found
    ]


async def one(
    session: AsyncSession,
    principal: Principal,
    model: type[Entry],
    shown: type[Shown],
    *,
    entry_id: UUID,
    text: str = "text",
) -> Shown:
    """Raises `NotFound`."""
    found = (await session.scalars(_own(principal, model).where(model.id == entry_id))).all()
    if not found:
        raise NotFound
    (entry,) = await _opened(session, principal, found, shown, text=text)
    return entry


def _own(principal: Principal, model: type[Entry]) -> Select[Entry]:
    return select(model).where(POLICY.visible(principal, "JOURNAL", "READ", model.person_id))


async def _opened(
    session: AsyncSession,
    principal: Principal,
    found: Sequence[Any],
    shown: type[Shown],
    *,
    text: str = "text",
) -> list[Shown]:
    if principal.person_id is None or not found:
        return []
    opened = await texts.opener(session, principal.person_id)
    names = [name for name in shown.model_fields if name != text]
    return [
        shown.model_validate(
            {name: getattr(row, name) for name in names} | {text: opened(row.id, row.sealed)}
        )
        for row in found
    ]
