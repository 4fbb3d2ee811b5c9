"""What the gateway reads of how well people master skills, as of today."""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Double,
    FromClause,
    Table,
    Text,
    and_,
    any_,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.profile.policy import POLICY
from services.profile.skills import tree_levels
from services.profile.skills.ageing import TODAY, interval_ends, left_over, number
from services.profile.skills.contrast import MARGIN, Contrast
from services.profile.skills.models import SkillEstimate
from services.profile.skills.views import skills
from shared.tenancy import Principal
from shared.views import Argument, One, View, column, columns, elements, global_id
from shared.views.declare import Arguments, Columns

_table = SkillEstimate.__table__
assert isinstance(_table, Table)


def _levels(principal: Principal, _: Arguments) -> FromClause:
    """The stored estimates as of today: the level stays, mass, interval and contributions age (see estimation.py)."""
    stored = _table.c
    factor = left_over(stored)
    mass = stored.mass * factor
    low, high = interval_ends(stored)
    own = POLICY.visible(principal, "SELF_ASSERTION", "READ", stored.person_id)
    names = ("id", "person_id", "skill_id", "level", "variance", "half_life_months", "rule")
    aged = select(
        *(stored[name] for name in names),
        case((own, stored.self_level), else_=null()).label("self_level"),
        mass.label("mass"),
        (mass / (mass + number(1.0))).label("confidence"),
        low.label("interval_low"),
        high.label("interval_high"),
        TODAY.label("as_of"),
        _aged(stored.contributions, factor).label("contributions"),
        stored.engine_version,
        stored.weights_version,
        stored.sequence,
        own.label("with_self"),
    ).subquery("aged")
    return select(aged, _contrast(aged.c).label("contrast")).subquery()


def _contrast(row: Columns) -> ColumnElement[str]:
    """As `contrast` has it; NULL for who does not see the self series."""
    off = row.self_level - row.level
    margin = number(MARGIN)
    return case(
        (~row.with_self, null()),
        (or_(row.self_level.is_(None), row.level.is_(None)), _word(Contrast.UNKNOWN)),
        (and_(row.self_level > row.interval_high, off >= margin), _word(Contrast.BLIND_SPOT)),
        (and_(row.self_level < row.interval_low, off <= -margin), _word(Contrast.HIDDEN_STRENGTH)),
        else_=_word(Contrast.AGREES),
    )


def _word(contrast: Contrast) -> ColumnElement[str]:
    return literal_column(f"'{contrast.value}'", Text())


def _aged(contributions: ColumnElement[Any], factor: ColumnElement[float]) -> ColumnElement[Any]:
    each = func.jsonb_array_elements(contributions).column_valued("each")
    decay = cast(each.op("->>")(literal_column("'decay'")), Double) * factor
    aged = func.jsonb_set(each, literal_column("'{decay}'"), func.to_jsonb(decay))
    return select(func.jsonb_agg(aged, type_=JSONB)).scalar_subquery()


def _of_reader(kind: str) -> Any:
    def visible(principal: Principal, row: Columns) -> ColumnElement[bool]:
        return POLICY.visible(principal, kind, "READ", row.person_id)

    return visible


skill_levels = View(
    name="skill_levels",
    source=_levels,
    visible=_of_reader("ESTIMATE"),
    fields={
        "id": global_id("SkillLevel"),
        **columns(
            "personId",
            "skillId",
            "level",
            "selfLevel",
            "mass",
            "variance",
            "intervalLow",
            "intervalHigh",
            "confidence",
            "asOf",
            "halfLifeMonths",
            "rule",
            "engineVersion",
            "weightsVersion",
            "contrast",
        ),
        "version": column("sequence"),
        "contributions": elements(
            "contributions",
            "assertionId",
            "source",
            "level",
            "weight",
            "decay",
            "occurredOn",
            "shift",
            "levelWithout",
            "insteadId",
        ),
        "skill": One(lambda: skills, on="skill_id", belongs=True),
    },
    lists={"person": "person_id", "skill": "skill_id"},
    order=("-confidence", "id"),
    arguments={
        "skillId": Argument(UUID, lambda row, wanted: row.skill_id == wanted),
        "contrasts": Argument(str, lambda row, wanted: row.contrast == any_(wanted), many=True),
    },
)

skill_groups = View(
    name="skill_groups",
    source=lambda _principal, _arguments: tree_levels.of_people(),
    visible=_of_reader("ESTIMATE"),
    fields={
        "id": global_id("SkillGroup"),
        **columns("personId", "skillId", "rollUp", "level", "intervalLow", "intervalHigh"),
        **columns("unassessedShare", "asOf"),
        "parts": elements("parts", "skillId", "share", "level", "half"),
        "skill": One(lambda: skills, on="skill_id", belongs=True),
    },
    lists={"person": "person_id"},
    order=("skill_id", "id"),
    arguments={"skillId": Argument(UUID, lambda row, wanted: row.skill_id == wanted)},
)
