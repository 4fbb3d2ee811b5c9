"""The gap of one, the ranking of many: each one statement, and none of it is stored."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    FromClause,
    Result,
    Row,
    Select,
    Uuid,
    and_,
    bindparam,
    cast,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.gaps import closing, custom, demands, engine, records
from services.goals.gaps import ranking as ranking_of
from services.goals.gaps.custom import Wanted
from services.goals.gaps.dated import Moment
from services.goals.gaps.rules import TargetType
from services.goals.gaps.schemas import CustomGap, Part
from services.goals.people.levels import KEPT
from services.goals.policy import POLICY
from shared import clock
from shared.db import be_patient
from shared.problems import Invalid, NotFound, TakesTooLong
from shared.schemas import Input
from shared.tenancy import Actor, Principal

AnyRow = Row[*tuple[Any, ...]]
"""Columns by name, as the statement gives them."""

EVERYBODY_SECONDS = 30.0
"""What reads the levels of a hundred thousand people may take longer than other statements do."""

TOOK_TOO_LONG = "57014"
INSTEAD_OF_RANKING = "choose a role that asks for fewer skills, or read the gaps person by person"

SUMMARY = (
    "person_id", "target_type", "role_id", "role_version_id", "role_version", "as_of", "known_at",
    "readiness", "readiness_low", "readiness_high", "unassessed_share", "gap_count", "unassessed_count",
    "blockers", "engine_version",
)  # fmt: skip


def visible(principal: Principal, row: Any) -> ColumnElement[bool]:
    """A manager sees the gap to the role that the person has, not to roles that they aim at."""
    assigned = POLICY.visible(principal, "GAP", "READ", row.person_id)
    return or_(
        POLICY.visible(principal, "TARGET_GAP", "READ", row.person_id),
        and_(row.target_type == TargetType.CURRENT_ROLE.value, assigned),
    )


@dataclass(frozen=True, slots=True)
class When:
    """The day of a gap, what was known by when, and what it brings along; `pointer` is where a request has the day."""

    as_of: date | None = None
    known_at: datetime | None = None
    include: Collection[Part] = ()
    pointer: str = "query:asOf"

    def day(self) -> ColumnElement[date]:
        return bindparam("as_of", self.as_of or clock.today(), Date)

    def moment(self) -> Moment | None:
        """None where the newest levels are the ones; raises `Invalid` for a day of which none are kept."""
        today = clock.today()
        if self.as_of is not None:
            require_kept(self.as_of, self.pointer)
        if self.known_at is None and (self.as_of is None or self.as_of >= today):
            return None
        known_at = self.known_at and bindparam("known_at", self.known_at, DateTime(timezone=True))
        return Moment(self.day(), known_at)


NOW = When()


def require_kept(day: date, pointer: str) -> None:
    """Raises `Invalid` for a day of which no levels are kept."""
    if day < clock.today() - KEPT:
        raise Invalid.field(pointer, f"levels are kept for {KEPT.days} days: use a later day")


async def of_person(
    session: AsyncSession,
    principal: Principal,
    *,
    person_id: UUID | None,
    role_id: UUID | None,
    when: When = NOW,
) -> AnyRow:
    """Against a role, or the person's own. Raises `NotFound` when there is no such person, role or right to see it."""
    moment = when.moment()
    gap = engine.summaries(demands.of_roles(_role(role_id), moment), when.day(), moment)
    return await _one(session, principal, person_id, gap, when.include)


async def of_custom(session: AsyncSession, principal: Principal, *, asked: CustomGap) -> AnyRow:
    """Against a list of skills, experience and credentials. Raises `NotFound`."""
    when = When(asked.as_of, asked.known_at, asked.include, pointer="/asOf")
    wanted = Wanted(
        _listed("skills", asked.requirements),
        _listed("experience", asked.experience),
        _listed("credentials", asked.credentials),
    )
    gap = custom.summaries(wanted, when.day(), when.moment())
    return await _one(session, principal, asked.person_id, gap, when.include)


async def ranking(
    session: AsyncSession,
    principal: Principal,
    *,
    role_id: UUID,
    when: When = NOW,
    limit: int,
) -> Sequence[AnyRow]:
    """The visible people nearest to a role, the readiest first; who has nothing assessed stands last."""
    gap = ranked(principal, _role(role_id), when.day(), when.moment(), limit=limit)
    wanted = (
        select(*(gap.c[name] for name in SUMMARY))
        .where(visible(principal, gap.c))
        .order_by(gap.c.readiness.desc().nulls_last(), gap.c.unassessed_share, gap.c.person_id)
        .limit(limit)
    )
    return (await over_everybody(session, wanted, "query:roleId", INSTEAD_OF_RANKING)).all()


def ranked(
    principal: Principal,
    role_id: Any,
    day: ColumnElement[date],
    moment: Moment | None,
    *,
    limit: int,
) -> FromClause:
    """The whole gaps of those who may stand among the first `limit`, and perhaps of more, in no order."""
    seen = partial(visible, principal)
    if _sees_many(principal):
        demand = ranking_of.nearest(role_id, seen, limit, moment)
    else:
        demand = ranking_of.of_all(role_id, seen, moment)
    return engine.summaries(demand, day, moment, one_by_one=True)


async def over_everybody(
    session: AsyncSession, wanted: Select[*tuple[Any, ...]], pointer: str, instead: str
) -> Result[*tuple[Any, ...]]:
    """Raises `TakesTooLong`, which says what of the request to change."""
    await be_patient(session, seconds=EVERYBODY_SECONDS)
    try:
        return await session.execute(wanted)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != TOOK_TOO_LONG:
            raise
        raise TakesTooLong.field(pointer, instead) from None


def _sees_many(principal: Principal) -> bool:
    """Others see themselves and who reports to them."""
    return principal.actor is Actor.SYSTEM or bool(principal.granted("HR_PARTNER"))


async def _one(
    session: AsyncSession,
    principal: Principal,
    person_id: UUID | None,
    gap: FromClause,
    include: Collection[Part],
) -> AnyRow:
    whose = person_id or principal.person_id
    found = await session.execute(
        select(
            *(gap.c[name] for name in SUMMARY),
            gap.c["items"],
            *_included(principal, gap, include),
        ).where(gap.c.person_id == whose, visible(principal, gap.c))
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return row


def _included(
    principal: Principal, gap: FromClause, include: Collection[Part]
) -> Iterator[ColumnElement[Any]]:
    asked = records.of_gap(gap.c)
    if Part.EXPERIENCE in include:
        yield records.experience_gaps(asked).label("experience_gaps")
    if Part.CREDENTIALS in include:
        yield records.credential_gaps(asked).label("credential_gaps")
    if Part.CLOSERS in include:
        yield closing.closers(principal, gap.c).label("closers")


def _listed(name: str, requirements: Sequence[Input]) -> ColumnElement[Any]:
    rows = [each.model_dump(mode="json", by_alias=True) for each in requirements]
    return cast(bindparam(f"wanted_{name}", rows, JSONB), JSONB)


def _role(role_id: UUID | None) -> Any:
    return None if role_id is None else bindparam("target_role_id", role_id, Uuid)
