"""Occupations that go with a person's interests or work values, for nobody's eyes but theirs."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import Field
from sqlalchemy import ColumnElement, Text, cast, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.assessments import interests as six
from services.profile.assessments import queries, sealed
from services.profile.assessments.models import OccupationInterests, OccupationValues
from services.profile.assessments.parts import Kind
from services.profile.assessments.problems import RepeatedLine
from services.profile.policy import POLICY
from services.profile.rowsets import insert_rows, update_rows
from services.profile.wording import Line as Words
from shared.bulk import Line, Verdict
from shared.ids import new_id
from shared.problems import Forbidden
from shared.schemas import Input, Output
from shared.tenancy import Principal

Kept: TypeAlias = OccupationInterests | OccupationValues
Area = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
FIELDS = ("onet_soc_code", "title", "scores")
MADE_BY = "compatible_occupations"
"""How views ask for `of_report`."""


class AnyOccupationRow(Input):
    """An occupation, and six scores of it on any one scale; `SCORES` names their members by the codes to keep."""

    SCORES: ClassVar[Mapping[str, str]] = {}

    onet_soc_code: Annotated[str, Field(pattern=r"^\d{2}-\d{4}(\.\d{2})?$")]
    title: Words

    def scores(self) -> dict[str, float]:
        return {code: getattr(self, member) for code, member in self.SCORES.items()}


class OccupationRow(AnyOccupationRow):
    """A line of `/imports/occupation-interests`; the six areas, on any one scale."""

    SCORES: ClassVar[Mapping[str, str]] = {
        letter: area.lower() for letter, area in six.AREAS.items()
    }

    realistic: Area
    investigative: Area
    artistic: Area
    social: Area
    enterprising: Area
    conventional: Area


class Contributions(Output):
    """What each area adds to the congruence."""

    realistic: float
    investigative: float
    artistic: float
    social: float
    enterprising: float
    conventional: float


class CompatibleOccupation(Output):
    """An occupation and how alike its interests run, from -1 to 1, with the reason."""

    onet_soc_code: str
    title: str
    congruence: float
    fit: six.Fit
    interest_code: str
    reason: str
    contributions: Contributions


async def allow(session: AsyncSession, principal: Principal) -> None:
    """Raises `Forbidden`."""
    if not await POLICY.may(session, principal, "OCCUPATION", "WRITE", None):
        raise Forbidden("Bringing occupations needs an administrator or the scope roles:write.")


async def apply(
    session: AsyncSession, model: type[Kept], lines: Sequence[Line[AnyOccupationRow]]
) -> None:
    """Settles or refuses each line."""
    table = model.metadata.tables[model.__tablename__]
    codes = [line.row.onet_soc_code for line in lines]
    found = await session.execute(select(table).where(table.c.onet_soc_code.in_(codes)))
    known = {row["onet_soc_code"]: row for row in found.mappings()}
    new: dict[str, dict[str, Any]] = {}
    changed: dict[str, dict[str, Any]] = {}
    seen: set[str] = set()
    for line in lines:
        row = {"title": line.row.title, "scores": line.row.scores()}
        row["onet_soc_code"] = code = line.row.onet_soc_code
        before = known.get(code)
        if code in seen:
            line.refuse(RepeatedLine("onetSocCode: send each occupation once a request."))
        elif before is None:
            new[code] = row | {"id": new_id()}
            line.settle(Verdict.CREATED, new[code]["id"])
        elif all(before[name] == row[name] for name in FIELDS):
            line.settle(Verdict.UNCHANGED, before["id"])
        else:
            changed[code] = row | {"id": before["id"]}
            line.settle(Verdict.CHANGED, before["id"])
        seen.add(code)
    await insert_rows(session, model, list(new.values()))
    await update_rows(session, model, list(changed.values()))


async def compatible(
    session: AsyncSession, principal: Principal, *, first: int
) -> list[CompatibleOccupation]:
    """From the caller's newest interest result; none without one."""
    result = await queries.newest_of(session, principal, Kind.INTEREST)
    if result is None:
        return []
    report = await sealed.opened(session, result)
    known = (await session.execute(select(catalogue(OccupationInterests)))).scalar_one()
    return [CompatibleOccupation.model_validate(each) for each in of_report(report, known, first)]


def catalogue(model: type[Kept]) -> ColumnElement[str]:
    """All occupations as one text, the same as long as they stay the same."""
    row = model.metadata.tables[model.__tablename__].c
    each = func.json_build_array(row.onet_soc_code, row.title, row.scores)
    ordered = select(each.label("each")).order_by(row.onet_soc_code).subquery()
    whole = cast(func.coalesce(func.json_agg(ordered.c.each), literal_column("'[]'")), Text)
    return select(whole).scalar_subquery()


def of_report(report: Mapping[str, Any], known: str, first: int) -> list[dict[str, Any]]:
    """The best first; none where the six scores are not there or all equal."""
    raws = {each["code"]: each["raw"] for each in report.get("scales", ())}
    if any(raws.get(letter) is None for letter in six.LETTERS):
        return []
    found = six.matches(raws, _profiles(known), count=first)
    return [_shown(each) for each in found]


@lru_cache(maxsize=8)
def _profiles(known: str) -> six.Profiles:
    return six.profiles(
        [
            six.OccupationInterests(code, title, tuple(scores[each] for each in six.LETTERS))
            for code, title, scores in json.loads(known)
        ]
    )


def _shown(match: six.Match) -> dict[str, Any]:
    areas = {six.AREAS[letter].lower(): each for letter, each in match.contributions.items()}
    return {
        "onetSocCode": match.onet_soc_code,
        "title": match.title,
        "congruence": match.congruence,
        "fit": match.fit.value,
        "interestCode": match.code,
        "reason": match.reason,
        "contributions": areas,
    }
