"""What the gateway reads of growth: as the door of the same, for who may read the levels of today.

The statement brings all that has been said of the person; the levels of both days are made of it by `past`.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    FromClause,
    Text,
    Uuid,
    cast,
    literal_column,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import distinct_on

from services.profile.baselines.models import BaselineSnapshot
from services.profile.baselines.views import baselines
from services.profile.people.models import Person
from services.profile.policy import POLICY
from services.profile.skills import past
from services.profile.skills.ageing import TODAY
from services.profile.skills.history import Step, Word
from services.profile.skills.past import Frame, Moment, Said
from services.profile.skills.rules import AssertionSource, AssertionState, EstimateRule
from services.profile.weights.queries import stored
from shared.problems import Invalid
from shared.tenancy import Principal
from shared.views import Argument, Logged, One, View, columns, made, part
from shared.views.declare import Arguments, Columns

MADE_BY = "growth"
"""How the view asks for `of_material`."""


def of_material(material: Mapping[str, Any], first: int) -> list[dict[str, Any]]:
    """Skills with what they were and are, what has changed most first."""
    before, now = (_moment(material[name]) for name in ("then", "now"))
    said = _said(material)
    grown = past.growth(past.levels(said, before), past.levels(said, now))
    told = [each.model_dump(mode="json", by_alias=True) for each in grown]
    return sorted(told, key=_smallness)[:first]


def _smallness(grown: Mapping[str, Any]) -> tuple[bool, float, str]:
    change = grown["change"]
    return change is None, -abs(change or 0.0), grown["skillId"]


def _moment(told: Mapping[str, Any]) -> Moment:
    weights = stored(told["weights"])
    day, instant = date.fromisoformat(told["day"]), datetime.fromisoformat(told["instant"])
    frames = {
        UUID(skill_id): Frame(half_life, EstimateRule(rule))
        for skill_id, (half_life, rule) in told["frames"].items()
    }
    return Moment(day, instant, weights.version, weights.weights, frames)


def _said(material: Mapping[str, Any]) -> Said:
    words: dict[UUID, list[Word]] = defaultdict(list)
    for each in material["words"]:
        words[UUID(each["skillId"])].append(_word(each))
    return Said(UUID(material["personId"]), words, material["withSelf"])


def _word(told: Mapping[str, Any]) -> Word:
    assessor, group = told["assessor"]
    return Word(
        id=UUID(told["id"]),
        source=AssertionSource(told["source"]),
        level=float(told["level"]),
        assessor=(assessor and UUID(assessor), group),
        own=told["own"],
        occurred_on=date.fromisoformat(told["occurredOn"]),
        expires_on=told["expiresOn"] and date.fromisoformat(told["expiresOn"]),
        recorded_at=datetime.fromisoformat(told["recordedAt"]),
        state=AssertionState(told["state"]),
        steps=tuple(
            Step(AssertionState(old), AssertionState(new), datetime.fromisoformat(taken_at))
            for old, new, taken_at in told["steps"]
        ),
    )


def _growth(principal: Principal, arguments: Arguments) -> FromClause:
    start = _start(principal, arguments).subquery("start")
    own = POLICY.visible(principal, "SELF_ASSERTION", "READ", start.c.person_id)
    return select(start, TODAY.label("until"), own.label("with_self")).subquery()


def _start(principal: Principal, arguments: Arguments) -> Any:
    """Whose growth from which day on: the day that is given, that of a baseline, else that of the newest one."""
    day, known_at, baseline_id = (
        arguments.get(name) for name in ("since", "knownAt", "baselineId")
    )
    if day is None:
        if known_at is not None:
            raise Invalid.field("/knownAt", "goes with since: a baseline has its own moment")
        return _from_baseline(principal, baseline_id)
    if baseline_id is not None:
        raise Invalid.field("/baselineId", "name a baseline or a day, not both")
    instant: Any = null() if known_at is None else known_at
    return select(
        Person.id.label("person_id"),
        day.label("since"),
        cast(instant, DateTime(timezone=True)).label("known_at"),
        cast(null(), Uuid).label("baseline_id"),
    ).where(day <= TODAY)


def _from_baseline(principal: Principal, baseline_id: Any) -> Any:
    taken = BaselineSnapshot
    rows = select(
        taken.person_id,
        taken.as_of.label("since"),
        taken.taken_at.label("known_at"),
        taken.id.label("baseline_id"),
    ).where(POLICY.visible(principal, "BASELINE", "READ", taken.person_id))
    if baseline_id is not None:
        return rows.where(taken.id == baseline_id)
    newest = (taken.person_id, taken.taken_at.desc(), taken.id.desc())
    return rows.ext(distinct_on(taken.person_id)).order_by(*newest)


def _material(row: Columns) -> ColumnElement[str]:
    rows: FromClause = row.person_id.table
    names = ("person_id", "since", "known_at", "until", "with_self")
    asked = select(*(row[name] for name in names)).correlate(rows).lateral("asked")
    text: ColumnElement[str] = literal_column(f"({_MATERIAL})::text", Text())
    return select(text).select_from(asked).correlate(rows).scalar_subquery()


_NOW = "statement_timestamp()"
_THEN = f"coalesce(asked.known_at, {_NOW})"
_WEIGHTS = """(
    SELECT jsonb_build_object('version', version, 'weights', weights) FROM weights_version
    WHERE changed_at <= {instant} ORDER BY version DESC LIMIT 1
)"""
_FRAMES = """coalesce(
    jsonb_object_agg(word.skill_id, jsonb_build_array({half_life}, framework.rule)) FILTER (WHERE word.id IS NOT NULL),
    '{{}}')"""
_HALF_LIFE = "skill.half_life_months"
_HALF_LIFE_THEN = f"CASE WHEN past.changed THEN past.half_life_months ELSE {_HALF_LIFE} END"
_MATERIAL = f"""
SELECT jsonb_build_object(
    'personId', asked.person_id, 'withSelf', asked.with_self,
    'then', jsonb_build_object('day', asked.since, 'instant', {_THEN}, 'weights', {_WEIGHTS.format(instant=_THEN)},
                               'frames', {_FRAMES.format(half_life=_HALF_LIFE_THEN)}),
    'now', jsonb_build_object('day', asked.until, 'instant', {_NOW}, 'weights', {_WEIGHTS.format(instant=_NOW)},
                              'frames', {_FRAMES.format(half_life=_HALF_LIFE)}),
    'words', coalesce(jsonb_agg(jsonb_build_object(
        'id', word.id, 'skillId', word.skill_id, 'source', word.source, 'level', word.level,
        'assessor', jsonb_build_array(word.assessor_id, word.assessor_group),
        'own', coalesce(word.author_id = word.person_id, false),
        'occurredOn', word.occurred_on, 'expiresOn', word.expires_on,
        'recordedAt', word.recorded_at, 'state', word.state,
        'steps', (
            SELECT coalesce(jsonb_agg(jsonb_build_array(from_state, to_state, taken_at) ORDER BY taken_at, id), '[]')
            FROM skills_assertion_step AS step WHERE step.assertion_id = word.id
        ))), '[]'))
FROM skills_assertion AS word
JOIN skills_skill AS skill ON skill.id = word.skill_id
JOIN skills_framework AS framework ON framework.id = skill.framework_id
LEFT JOIN LATERAL (
    SELECT half_life_months, true AS changed FROM skills_past_half_life
    WHERE skill_id = skill.id AND until > {_THEN} ORDER BY until LIMIT 1
) AS past ON true
WHERE word.person_id = asked.person_id
"""  # noqa: S608 - constants of this module

_LEVEL = (
    "level", "selfLevel", "intervalLow", "intervalHigh", "confidence", "mass", "variance", "asOf",
    "halfLifeMonths", "rule", "weightsVersion",
    part(
        "contributions", "assertionId", "source", "level", "weight", "decay", "occurredOn", "shift",
        "levelWithout", "insteadId",
    ),
)  # fmt: skip


growth: View = View(
    name="growth",
    source=_growth,
    visible=lambda principal, row: POLICY.visible(principal, "ESTIMATE", "READ", row.person_id),
    fields={
        **columns("personId", "since", "knownAt", "until"),
        "baseline": One(lambda: baselines, on="baseline_id"),
        "skills": made(
            MADE_BY, _material, "skillId", "change", "certain",
            part("before", *_LEVEL), part("now", *_LEVEL),
        ),
    },
    key="person_id",
    lists={"person": "person_id"},
    order=("person_id",),
    arguments={
        "since": Argument(date),
        "knownAt": Argument(datetime),
        "baselineId": Argument(UUID),
    },
    logged=Logged("SKILL_LEVELS"),
)  # fmt: skip
