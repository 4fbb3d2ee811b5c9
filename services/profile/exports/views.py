"""What the gateway reads of exports: one's own. A row-level policy shows them to nobody else either."""

from typing import Any, cast

from sqlalchemy import ColumnElement, Table, Text, case, func, literal_column

from services.profile.exports.models import Export
from services.profile.exports.schemas import ExportState
from services.profile.policy import POLICY
from shared.views import Columns, Elements, Scalar, View, columns, elements, global_id


def _state(row: Columns) -> ColumnElement[str]:
    """As `state_of`."""
    return case(
        (row.ready_at.is_(None), _word(ExportState.PREPARING)),
        (row.expires_at > func.statement_timestamp(), _word(ExportState.READY)),
        else_=_word(ExportState.EXPIRED),
    )


def _word(state: ExportState) -> ColumnElement[Any]:
    return literal_column(f"'{state.value}'", Text())


exports: View = View(
    name="exports",
    source=cast(Table, Export.__table__),
    visible=lambda principal, row: POLICY.visible(principal, "EXPORT", "ORDER", row.person_id),
    fields={
        "id": global_id("Export"),
        **columns("personId", "orderedAt", "readyAt", "expiresAt"),
        "state": Scalar(_state),
        "files": Elements(
            lambda row: func.coalesce(row.manifest["files"], literal_column("'[]'::jsonb")),
            elements("files", "name", "count", "bytes", "sha256").members,
        ),
    },
    lists={"person": "person_id"},
    order=("-ordered_at", "-id"),
)
