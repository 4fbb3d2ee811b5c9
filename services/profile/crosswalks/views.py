"""What the gateway reads of associations."""

from sqlalchemy import ColumnElement, FromClause, select

from services.profile.crosswalks.models import SkillAssociation
from services.profile.policy import POLICY
from services.profile.skills import views as skill_views
from services.profile.skills.models import Skill
from services.profile.skills.queries import open_skills
from shared.tenancy import Principal
from shared.views import Columns, One, View, columns, global_id
from shared.views.declare import Arguments


def _open(principal: Principal, _arguments: Arguments) -> FromClause:
    """Those whose both ends one may read."""
    readable = select(Skill.id).where(open_skills(principal))
    related = select(*SkillAssociation.__table__.c).where(
        SkillAssociation.origin_id.in_(readable), SkillAssociation.destination_id.in_(readable)
    )
    return related.subquery()


def _visible(principal: Principal, row: Columns) -> ColumnElement[bool]:
    return POLICY.visible(principal, "SKILL", "READ", row.origin_id)


skill_associations: View = View(
    name="skill_associations",
    source=_open,
    visible=_visible,
    fields={
        "id": global_id("SkillAssociation"),
        **columns("originId", "destinationId", "type", "confidence", "place"),
        "origin": One(lambda: skill_views.skills, on="origin_id"),
        "destination": One(lambda: skill_views.skills, on="destination_id"),
    },
    lists={"origin": "origin_id", "destination": "destination_id"},
    order=("type", "place", "id"),
)
