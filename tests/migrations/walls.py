"""The row-level policies that tables bear beside their tenant's wall, as PostgreSQL spells them."""

OWN_TENANT = (
    "(tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid"
    ' AS "nullif"))'
)
AUTHOR = OWN_TENANT.replace("tenant_id", "author_id").replace("app.tenant", "app.person")
WALL = ("tenant_isolation", "PERMISSIVE", "{public}", "ALL", OWN_TENANT, OWN_TENANT)
AUTHOR_ONLY = ("author_only", "RESTRICTIVE", "{public}", "ALL", AUTHOR, AUTHOR)
OWNER = AUTHOR.replace("author_id", "person_id")
OWNER_ONLY = ("owner_only", "RESTRICTIVE", "{public}", "ALL", OWNER, OWNER)
ME = OWNER.removeprefix("(person_id = ").removesuffix(")")
LET_IN = " AND ".join(
    [
        "(given.tenant_id = assessments_result.tenant_id)",
        "(given.subject_id = assessments_result.person_id)",
        "((given.scope)::text = 'ASSESSMENT_RESULT'::text)",
        f"(given.grantee_id = {ME})",
        "((given.object_id IS NULL) OR (given.object_id = assessments_result.id))",
        "(given.revoked_at IS NULL)",
        "((given.until IS NULL) OR (given.until > now()))",
    ]
)
OWNER_OR_LET_IN = (
    f"(((purpose_lock)::text = 'ASSESSMENT'::text) OR {OWNER} OR (EXISTS ( SELECT\n"
    f"   FROM consent_grant given\n  WHERE ({LET_IN}))))"
)
OF_RESULTS = [
    ("owner_removes", "RESTRICTIVE", "{public}", "DELETE", OWNER, None),
    ("owner_or_let_in", "RESTRICTIVE", "{public}", "SELECT", OWNER_OR_LET_IN, None),
    ("owner_changes", "RESTRICTIVE", "{public}", "UPDATE", OWNER, None),
    ("owner_adds", "RESTRICTIVE", "{public}", "INSERT", None, OWNER),
]
