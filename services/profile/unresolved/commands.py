"""Keeping what cannot be done yet, and letting go of what has been done."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.unresolved.models import Unresolved
from services.profile.unresolved.rules import Kind, Obstacle
from shared import clock
from shared.events import Payload
from shared.ids import new_id
from shared.tenancy import Principal


class Said(Payload):
    """What every canonical fact tells: whose identifiers it uses, and when it became true."""

    system: str
    said_at: datetime


T = TypeVar("T", bound=Said)


@dataclass(frozen=True, slots=True)
class Word(Generic[T]):
    """A fact as it is applied, the first time or again; `subject` stands for one thing of one source."""

    subject: str
    event_id: UUID
    told: T


Resolver = Callable[[AsyncSession, Principal, Unresolved], Awaitable[None]]
RESOLVERS: dict[Kind, Resolver] = {}


def resolves(kind: Kind) -> Callable[[Resolver], Resolver]:
    """Names the function that tries again what waits; it keeps or lets go of the entry itself."""

    def register(function: Resolver) -> Resolver:
        RESOLVERS[kind] = function
        return function

    return register


def word_of(entry: Unresolved, model: type[T]) -> Word[T]:
    return Word(entry.subject, entry.event_id, model.model_validate(entry.fact))


def wire(told: Said) -> dict[str, Any]:
    """What a fact named, as it came."""
    return told.model_dump(mode="json", by_alias=True, exclude_none=True)


async def keep(
    session: AsyncSession,
    kind: Kind,
    word: Word[T],
    obstacle: Obstacle,
    *,
    part: str = "",
    fact: dict[str, Any] | None = None,
) -> None:
    """Keeps the fact, or `fact`, the part of it that waits, instead of an older one."""
    row = {
        "reason": obstacle.reason,
        "awaited": obstacle.awaited,
        "system": obstacle.system,
        "value": obstacle.value,
        "email": obstacle.email,
        "blocked_by": obstacle.blocked_by,
        "said_at": word.told.said_at,
        "event_id": word.event_id,
        "fact": fact or wire(word.told),
    }
    key = {"kind": kind, "subject": word.subject, "part": part}
    new = {"tenant_id": session.info["tenant_id"], "id": new_id(), "waiting_since": clock.now()}
    await session.execute(
        insert(Unresolved)
        .values(**new, **key, **row)
        .on_conflict_do_update(index_elements=["tenant_id", *key], set_=row)
    )


async def let_go(
    session: AsyncSession, kind: Kind, subject: str, *, parts: Iterable[str] = ("",)
) -> None:
    await session.execute(
        delete(Unresolved).where(
            Unresolved.kind == kind,
            Unresolved.subject == subject,
            Unresolved.part.in_(list(parts)),
        )
    )


async def joined(session: AsyncSession, kind: Kind, word: Word[T], *, part: str = "") -> Word[T]:
    """The word with what an older one said in its place while it waited; what the newer one names counts."""
    waiting = await session.scalar(
        select(Unresolved).where(
            Unresolved.kind == kind, Unresolved.subject == word.subject, Unresolved.part == part
        ),
        execution_options={"populate_existing": True},
    )
    if waiting is None or waiting.said_at > word.told.said_at:
        return word
    both = waiting.fact | wire(word.told)
    return Word(word.subject, word.event_id, type(word.told).model_validate(both))
