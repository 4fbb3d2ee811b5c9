"""What the gateway reads of replaced frameworks."""

from typing import Any, cast

from sqlalchemy import ColumnElement, FromClause, Table, any_, select

from services.goals.crosswalks.models import Crosswalk, CrosswalkSkill, MovedRequirement
from services.goals.crosswalks.queries import readable
from services.goals.roles.views import ROLES
from shared.tenancy import Principal
from shared.views import Argument, Many, One, View, columns, elements, global_id
from shared.views.declare import Arguments


def _visible(principal: Principal, _row: Any) -> ColumnElement[bool]:
    return readable(principal)


def _requirements(_principal: Principal, _arguments: Arguments) -> FromClause:
    """Beside the relations of their skills."""
    same = (
        CrosswalkSkill.crosswalk_id == MovedRequirement.crosswalk_id,
        CrosswalkSkill.skill_id == MovedRequirement.skill_id,
    )
    rows = select(*MovedRequirement.__table__.c, CrosswalkSkill.relations)
    return rows.join(CrosswalkSkill, same[0] & same[1]).subquery()


CROSSWALK_REQUIREMENTS: View = View(
    name="crosswalk_requirements",
    source=_requirements,
    visible=_visible,
    fields={
        **columns("outcome", "fromVersion", "toVersion", "decidedAt", "skillId", "targetId"),
        "role": One(lambda: ROLES, on="role_id"),
        "relations": elements("relations", "skillId", "type", "turned"),
    },
    lists={"crosswalk": "crosswalk_id"},
    order=("id",),
    arguments={"outcomes": Argument(str, lambda row, asked: row.outcome == any_(asked), many=True)},
)

CROSSWALKS = View(
    name="crosswalks",
    source=cast(Table, Crosswalk.__table__),
    visible=_visible,
    fields={
        "id": global_id("Crosswalk"),
        **columns("fromId", "toId", "state", "toldAt", "appliedAt"),
        "requirements": Many(lambda: CROSSWALK_REQUIREMENTS, by="crosswalk"),
    },
    order=("-id",),
)

VIEWS = (CROSSWALKS, CROSSWALK_REQUIREMENTS)
