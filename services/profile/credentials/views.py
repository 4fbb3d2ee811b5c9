"""What the gateway reads of credentials."""

from typing import cast

from sqlalchemy import Table

from services.profile.credentials.models import Credential
from services.profile.policy import POLICY
from shared.views import Logged, View, column, columns, elements, global_id

credentials: View = View(
    name="credentials",
    source=cast(Table, Credential.__table__),
    visible=lambda principal, row: POLICY.visible(principal, "CREDENTIAL", "READ", row.person_id),
    fields={
        "id": global_id("Credential"),
        **columns("personId", "type", "sourceType", "name", "issuer", "issuedOn", "expiresOn"),
        **columns("expiredOn", "revokedOn", "credentialUrl", "verification", "objection"),
        **columns("recordedAt"),
        "skills": elements("skills", "skillId", "level"),
        "version": column("sequence"),
    },
    lists={"person": "person_id"},
    order=("-id",),
    logged=Logged("CREDENTIALS"),
)
