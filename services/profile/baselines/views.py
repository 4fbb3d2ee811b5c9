"""What the gateway reads of baselines."""

from typing import cast

from sqlalchemy import ColumnElement, FromClause, Table, select

from services.profile.baselines.models import BaselineLevel, BaselineSnapshot
from services.profile.policy import POLICY
from services.profile.skills.views import skills
from shared.tenancy import Principal
from shared.views import Columns, Logged, Many, One, View, columns, global_id

_snapshot = cast(Table, BaselineSnapshot.__table__)
_level = cast(Table, BaselineLevel.__table__)


def _with_person() -> FromClause:
    """A baseline's levels with the person, who decides who sees them."""
    same = (_snapshot.c.tenant_id == _level.c.tenant_id) & (_snapshot.c.id == _level.c.snapshot_id)
    return select(*_level.c, _snapshot.c.person_id).join_from(_level, _snapshot, same).subquery()


def _visible(principal: Principal, row: Columns) -> ColumnElement[bool]:
    return POLICY.visible(principal, "BASELINE", "READ", row.person_id)


baseline_levels: View = View(
    name="baseline_levels",
    source=_with_person(),
    visible=_visible,
    fields={
        "id": global_id("BaselineLevel", "skill_id"),
        **columns("skillId", "level", "mass", "intervalLow", "intervalHigh", "selfLevel"),
        "skill": One(lambda: skills, on="skill_id"),
    },
    key="skill_id",
    lists={"baseline": "snapshot_id"},
    order=("skill_id",),
)

baselines: View = View(
    name="baselines",
    source=_snapshot,
    visible=_visible,
    fields={
        "id": global_id("Baseline"),
        **columns("personId", "cycle", "takenAt", "asOf", "skillCount", "contentHash"),
        "levels": Many(lambda: baseline_levels, by="baseline"),
    },
    lists={"person": "person_id"},
    order=("-taken_at", "-id"),
    logged=Logged("BASELINES"),
)

VIEWS = (baselines, baseline_levels)
