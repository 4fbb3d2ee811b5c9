"""Occupations that offer what a person wants of work, for nobody's eyes but theirs."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar

from pydantic.alias_generators import to_camel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.assessments import occupations, queries, sealed, work_values
from services.profile.assessments.interests import Fit
from services.profile.assessments.models import OccupationValues
from services.profile.assessments.occupations import AnyOccupationRow, Area
from services.profile.assessments.parts import Kind
from shared.schemas import Output
from shared.tenancy import Principal

MADE_BY = "occupations_by_values"
"""How views ask for `of_report`."""
MEMBERS = {code: to_camel(code.lower()) for code in work_values.VALUES}
"""The values' names on the wire, by their codes."""


class OccupationValuesRow(AnyOccupationRow):
    """A line of `/imports/occupation-values`; the six work values, on any one scale."""

    SCORES: ClassVar[Mapping[str, str]] = {code: code.lower() for code in work_values.VALUES}

    achievement: Area
    independence: Area
    recognition: Area
    relationships: Area
    support: Area
    working_conditions: Area


class ValueContributions(Output):
    """What each value adds to the congruence."""

    achievement: float
    independence: float
    recognition: float
    relationships: float
    support: float
    working_conditions: float


class OccupationByValues(Output):
    """An occupation and how alike the order of what it offers is, from -1 to 1, with the reason."""

    onet_soc_code: str
    title: str
    congruence: float
    fit: Fit
    reason: str
    contributions: ValueContributions


async def compatible(
    session: AsyncSession, principal: Principal, *, first: int
) -> list[OccupationByValues]:
    """From the caller's newest order of values; none without one."""
    result = await queries.newest_of(session, principal, Kind.VALUES)
    if result is None:
        return []
    report = await sealed.opened(session, result)
    catalogue = occupations.catalogue(OccupationValues)
    known = (await session.execute(select(catalogue))).scalar_one()
    return [OccupationByValues.model_validate(each) for each in of_report(report, known, first)]


def of_report(report: Mapping[str, Any], known: str, first: int) -> list[dict[str, Any]]:
    """The best first; none where one of the six is not there, or all are equal."""
    raws = {each["code"]: each["raw"] for each in report.get("scales", ())}
    if any(raws.get(code) is None for code in work_values.VALUES):
        return []
    return [_shown(each) for each in work_values.matches(raws, _kept(known), count=first)]


@lru_cache(maxsize=8)
def _kept(known: str) -> Sequence[work_values.OccupationValues]:
    return [work_values.OccupationValues(*each) for each in json.loads(known)]


def _shown(match: work_values.Match) -> dict[str, Any]:
    return {
        "onetSocCode": match.onet_soc_code,
        "title": match.title,
        "congruence": match.congruence,
        "fit": match.fit.value,
        "reason": match.reason,
        "contributions": {MEMBERS[code]: each for code, each in match.contributions.items()},
    }
