"""What was required and what was known on another day than today: `validAt` the day, `knownAt` the moment of knowing.

A level is the newest that profile had told for that day or an earlier one; a role is the version that was published by
the end of that day (UTC). With a moment of knowing, what was told or published later counts for nothing. Whose role is
meant without `roleId` is the role of today: earlier assignments are not kept here.
"""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    DateTime,
    FromClause,
    Integer,
    and_,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from services.goals.people.models import SkillLevel
from services.goals.people.records import ToldLevel
from services.goals.roles.models import Role, RoleVersion

_ONE = literal_column("1", Integer())
LEVEL = (
    "as_of", "half_life_months", "mass", "variance", "level", "rule", "contributions",
)  # fmt: skip


class Moment(NamedTuple):
    """A day, and what was known by when; None for what is known now."""

    valid_at: ColumnElement[date]
    known_at: Any = None


def level_of(demand: FromClause, moment: Moment) -> FromClause:
    """The estimate of that day for each row of a demand.

    The copy of the newest estimate stands in for what had been told before all of them were kept.
    """
    told, newest = aliased(ToldLevel), aliased(SkillLevel)
    before = _told_for(told, demand, moment)
    if moment.known_at is not None:
        before = before.where(told.recorded_at <= moment.known_at)
    last = before.order_by(told.as_of.desc(), told.sequence.desc()).limit(_ONE).subquery("told")
    candidates = select(*(last.c[name] for name in (*LEVEL, "sequence")))
    if moment.known_at is None:
        candidates = candidates.union_all(_told_for(newest, demand, moment))  # type: ignore[assignment]
    every = candidates.subquery("candidate")
    latest = select(*(every.c[name] for name in LEVEL)).order_by(
        every.c.as_of.desc(), every.c.sequence.desc()
    )
    return latest.limit(_ONE).lateral("level")


def level_by_itself(demand: FromClause) -> FromClause:
    """The newest estimate for each row of a demand, looked up for that row alone.

    Where few of many people are chosen, PostgreSQL cannot know how few, and would read the levels of all.
    """
    same = (SkillLevel.person_id == demand.c.person_id, SkillLevel.skill_id == demand.c.skill_id)
    found = select(*(getattr(SkillLevel, name) for name in LEVEL)).where(*same)
    return found.correlate(demand).limit(_ONE).lateral("level")


def levels_of(need: FromClause, moment: Moment | None) -> FromClause:
    """Everybody's levels of the skill of a row of `need`: person_id, level; of a moment, the newest of each up to it.

    One pass a skill, in the order of its index; the copy of the newest estimates stands in as in `level_of`. It has the
    highest sequence, so of two of one day it is the one.
    """
    if moment is None:
        newest = select(SkillLevel.person_id, SkillLevel.level)
        return newest.where(SkillLevel.skill_id == need.c.skill_id).correlate(need).lateral("level")
    told = _newest_told(need, moment)
    if moment.known_at is not None:
        return select(told.c.person_id, told.c.level).lateral("level")
    copy = (
        select(SkillLevel.person_id, SkillLevel.as_of, SkillLevel.level)
        .where(SkillLevel.skill_id == need.c.skill_id, SkillLevel.as_of <= moment.valid_at)
        .correlate(need)
        .subquery("copy")
    )
    of_told = or_(copy.c.as_of.is_(None), told.c.as_of > copy.c.as_of)
    return (
        select(
            func.coalesce(told.c.person_id, copy.c.person_id).label("person_id"),
            case((of_told, told.c.level), else_=copy.c.level).label("level"),
        )
        .select_from(told.join(copy, copy.c.person_id == told.c.person_id, full=True))
        .correlate(need)
        .lateral("level")
    )


def _newest_told(need: FromClause, moment: Moment) -> FromClause:
    known = [ToldLevel.skill_id == need.c.skill_id, ToldLevel.as_of <= moment.valid_at]
    if moment.known_at is not None:
        known.append(ToldLevel.recorded_at <= moment.known_at)
    newest_first = (
        ToldLevel.person_id.desc(),
        ToldLevel.as_of.desc(),
        ToldLevel.sequence.desc(),
    )
    return (
        select(ToldLevel.person_id, ToldLevel.as_of, ToldLevel.level)
        .ext(distinct_on(ToldLevel.person_id))
        .where(*known)
        .order_by(*newest_first)
        .correlate(need)
        .subquery("told")
    )


def _told_for(model: Any, demand: FromClause, moment: Moment) -> Any:
    return (
        select(*(getattr(model, name) for name in (*LEVEL, "sequence")))
        .where(
            model.person_id == demand.c.person_id,
            model.skill_id == demand.c.skill_id,
            model.as_of <= moment.valid_at,
        )
        .correlate(demand)
    )


def versions(moment: Moment | None) -> FromClause:
    """Each role with the version that counts: the newest, or that of a moment. A role not yet published has none."""
    if moment is None:
        return select(
            Role.id.label("role_id"),
            Role.version_id.label("role_version_id"),
            Role.version.label("role_version"),
        ).subquery("role")
    next_day = moment.valid_at + _ONE
    published = [RoleVersion.valid_from < func.timezone("UTC", cast(next_day, DateTime()))]
    if moment.known_at is not None:
        published.append(RoleVersion.valid_from <= moment.known_at)
    last = (
        select(RoleVersion.id, RoleVersion.number)
        .where(RoleVersion.role_id == Role.id, and_(*published))
        .order_by(RoleVersion.number.desc())
        .limit(_ONE)
        .correlate(Role)
        .lateral("published")
    )
    return (
        select(
            Role.id.label("role_id"),
            last.c.id.label("role_version_id"),
            last.c.number.label("role_version"),
        )
        .select_from(Role)
        .join(last, literal_column("true"))
        .subquery("role")
    )
