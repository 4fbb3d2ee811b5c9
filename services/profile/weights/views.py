"""What the gateway reads of the weights."""

import json

from sqlalchemy import (
    ColumnElement,
    DateTime,
    FromClause,
    Integer,
    Text,
    Uuid,
    cast,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.profile.policy import POLICY
from services.profile.skills.estimation import WEIGHTS
from services.profile.weights import rules
from services.profile.weights.models import SourceWeights
from services.profile.weights.queries import BUILT_IN_ID, BUILT_IN_REASON
from shared.tenancy import Principal
from shared.views import View, columns, elements, global_id
from shared.views.declare import Arguments, Columns


def _versions(_principal: Principal, _arguments: Arguments) -> FromClause:
    """The stored ones and the one that is built in."""
    kept = SourceWeights
    stored = select(
        kept.id, kept.version, kept.weights, kept.reason, kept.changed_by_id, kept.changed_at
    )
    weights = json.dumps(rules.written(WEIGHTS))
    built_in = select(
        literal_column(f"'{BUILT_IN_ID}'::uuid", Uuid()).label("id"),
        literal_column(f"{rules.BUILT_IN_VERSION}", Integer()).label("version"),
        literal_column(f"'{weights}'::jsonb", JSONB()).label("weights"),
        literal_column(f"'{BUILT_IN_REASON}'", Text()).label("reason"),
        cast(null(), Uuid).label("changed_by_id"),
        cast(null(), DateTime(timezone=True)).label("changed_at"),
    )
    return union_all(stored, built_in).subquery()


def _visible(principal: Principal, row: Columns) -> ColumnElement[bool]:
    return POLICY.visible(principal, "WEIGHTS", "READ", row.id)


source_weights = View(
    name="source_weights",
    source=_versions,
    visible=_visible,
    fields={
        "id": global_id("SourceWeights"),
        **columns("version", "reason", "changedById", "changedAt"),
        "weights": elements("weights", "source", "weight"),
    },
    order=("-version", "id"),
)
