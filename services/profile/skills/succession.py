"""Of the words of one source and assessor on one skill of a person the newest stands, whatever arrives first.

A word that was taken back or rejected was none: what it had superseded stands again. One that has expired still was the
newest: nothing older comes back for it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.profile.rowsets import rowset
from services.profile.skills.models import AssertionStep, SkillAssertion
from services.profile.skills.rules import STANDING, AssertionSource, AssertionState
from shared import clock

Row = Mapping[str, Any]
_SUPERSEDED, _EXPIRED = AssertionState.SUPERSEDED, AssertionState.EXPIRED


def effective(source: AssertionSource) -> frozenset[AssertionState]:
    """The states in which a word stands: of the self series all that are open, else the confirmed one."""
    return STANDING if source is AssertionSource.SELF else frozenset({AssertionState.CONFIRMED})


async def take_place(session: AsyncSession, row: dict[str, Any]) -> list[Row]:
    """Answers the words that the row replaces, or marks the row as replaced by a newer one."""
    return _placed([row], await _others(session, row)) if _stands(row) else []


async def take_places(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> list[Row]:
    """Like `take_place`, by one statement for many rows that are not stored yet; they may replace each other."""
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if _stands(row):
            groups[_whose(row)].append(row)
    known = await _known(session, rows) if groups else {}
    return [word for key, coming in groups.items() for word in _placed(coming, known.get(key, []))]


def _stands(row: Row) -> bool:
    return row["state"] in effective(row["source"])


def _placed(coming: Sequence[dict[str, Any]], others: Sequence[Row]) -> list[Row]:
    """Of one source and assessor: marks what comes too late, answers what no longer stands.

    A row keeps what it says it supersedes.
    """
    newest = max((*coming, *others), key=_age)
    older = [each for each in others if _stands(each) and each is not newest]
    late = [row for row in coming if row is not newest]
    for row in late:
        row["state"] = _SUPERSEDED
    for row in coming:
        if row is newest and row["supersedes_id"] is None and (older or late):
            row["supersedes_id"] = max((*older, *late), key=_age)["id"]
    return older


def _whose(row: Row) -> tuple[Any, ...]:
    names = ("person_id", "skill_id", "source", "assessor_id", "assessor_group")
    return tuple(row[name] for name in names)


async def _known(session: AsyncSession, rows: Sequence[Row]) -> dict[tuple[Any, ...], list[Row]]:
    """By source and assessor, what has been said of these rows' skills of these persons."""
    known = defaultdict(list)
    pairs = {_whose(row)[:2] for row in rows if _stands(row)}
    for word in await _of_pairs(session, pairs):
        known[_whose(word)].append(word)
    return known


async def _of_pairs(session: AsyncSession, pairs: Iterable[tuple[Any, ...]]) -> list[Row]:
    """All words on these skills of these persons that stand, stood or would have stood."""
    table = SkillAssertion.__table__
    rows = [{"person_id": person, "skill_id": skill} for person, skill in pairs]
    given = rowset([table.c.person_id, table.c.skill_id], rows)
    own = SkillAssertion.source == AssertionSource.SELF
    words = select(table).where(
        given.c.person_id == SkillAssertion.person_id,
        given.c.skill_id == SkillAssertion.skill_id,
        or_(
            SkillAssertion.state.in_({AssertionState.CONFIRMED, _SUPERSEDED}),
            and_(own, SkillAssertion.state.in_(STANDING)),
            and_(SkillAssertion.state == _EXPIRED, once_stood()),
        ),
    )
    return [dict(each) for each in (await session.execute(words)).mappings()]


async def standing_again(session: AsyncSession, gone: Row) -> tuple[Row, AssertionState] | None:
    """The word that stands now that another one is gone, with its state; None when there is none or another stands.

    `gone` is the row as it was before.
    """
    if gone["state"] not in effective(gone["source"]):
        return None
    newest = max(await _others(session, gone), key=_age, default=None)
    if newest is None or newest["state"] is not _SUPERSEDED:
        return None
    if newest["expires_on"] is not None and newest["expires_on"] <= clock.today():
        return newest, _EXPIRED
    if newest["source"] is not AssertionSource.SELF:
        return newest, AssertionState.CONFIRMED
    was = await session.scalar(
        select(AssertionStep.from_state)
        .where(AssertionStep.assertion_id == newest["id"], AssertionStep.to_state == _SUPERSEDED)
        .order_by(AssertionStep.id.desc())
        .limit(1)
    )
    return newest, was if was in STANDING else AssertionState.DECLARED


async def _others(session: AsyncSession, row: Row) -> Sequence[Row]:
    """The other words of the same source and assessor that stand, stood or would have stood."""
    same = select(SkillAssertion.__table__).where(
        SkillAssertion.id != row["id"],
        SkillAssertion.person_id == row["person_id"],
        SkillAssertion.skill_id == row["skill_id"],
        SkillAssertion.source == row["source"],
        SkillAssertion.assessor_id.is_not_distinct_from(row["assessor_id"]),
        SkillAssertion.assessor_group.is_not_distinct_from(row["assessor_group"]),
        or_(
            SkillAssertion.state.in_(effective(row["source"])),
            SkillAssertion.state == _SUPERSEDED,
            and_(SkillAssertion.state == _EXPIRED, once_stood()),
        ),
    )
    return [dict(each) for each in (await session.execute(same)).mappings()]


def once_stood() -> ColumnElement[bool]:
    """Of an expired word: that it stood before, and was not a claim that nobody had confirmed."""
    step = aliased(AssertionStep)
    ended = exists().where(step.assertion_id == SkillAssertion.id, step.to_state == _EXPIRED)
    unconfirmed = ended.where(step.from_state != AssertionState.CONFIRMED)
    own = SkillAssertion.author_id.is_not_distinct_from(SkillAssertion.person_id)
    return or_(SkillAssertion.source == AssertionSource.SELF, and_(~unconfirmed, or_(~own, ended)))


def _age(row: Row) -> tuple[Any, bytes]:
    return row["occurred_on"], row["id"].bytes
