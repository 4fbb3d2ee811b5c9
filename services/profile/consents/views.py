"""What the gateway reads of consents."""

from typing import Any, cast

from sqlalchemy import ColumnElement, Table, case, null

from services.profile.consents.models import ConsentGrant
from services.profile.consents.queries import readable
from services.profile.consents.rules import ConsentScope
from shared.views import Columns, Scalar, View, columns, global_id

NOUNS = {
    ConsentScope.ASSESSMENT_RESULT: "AssessmentResult",
    ConsentScope.EXPERIENCE: "ExperienceRecord",
}
"""What the object of such a consent is called in the schema."""


def _object(row: Columns) -> ColumnElement[Any]:
    chosen = (
        (row.scope == scope, global_id(noun, "object_id").expression(row))
        for scope, noun in NOUNS.items()
    )
    return case((row.object_id.is_(None), null()), *chosen)


consents: View = View(
    name="consents",
    source=cast(Table, ConsentGrant.__table__),
    visible=readable,
    fields={
        "id": global_id("Consent"),
        **columns("subjectId", "granteeId", "scope", "role", "purpose"),
        "objectId": Scalar(_object),
        **columns("grantedAt", "until", "revokedAt"),
    },
    lists={"person": "subject_id", "grantee": "grantee_id"},
    order=("-granted_at", "-id"),
)
