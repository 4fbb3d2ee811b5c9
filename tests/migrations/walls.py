"""The row-level policies that tables bear beside their tenant's wall, as PostgreSQL spells them."""

from typing import TypeAlias

Policy: TypeAlias = tuple[str | None, ...]

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
OF_RESULTS: list[Policy] = [
    ("owner_removes", "RESTRICTIVE", "{public}", "DELETE", OWNER, None),
    ("owner_or_let_in", "RESTRICTIVE", "{public}", "SELECT", OWNER_OR_LET_IN, None),
    ("owner_changes", "RESTRICTIVE", "{public}", "UPDATE", OWNER, None),
    ("owner_adds", "RESTRICTIVE", "{public}", "INSERT", None, OWNER),
]
_ABOUT_RESULT = LET_IN.replace("assessments_result.id", "interpretations_confidant.result_id")
_ABOUT_RESULT = _ABOUT_RESULT.replace("assessments_result.", "interpretations_confidant.")
_AUTHOR_LET_IN = (
    f"({AUTHOR} AND (EXISTS ( SELECT\n   FROM consent_grant given\n  WHERE ({_ABOUT_RESULT}))))"
)
OF_INTERPRETATIONS: list[Policy] = [
    (
        "owner_or_author_removes",
        "RESTRICTIVE",
        "{public}",
        "DELETE",
        f"({OWNER} OR {AUTHOR})",
        None,
    ),
    (
        "owner_or_author",
        "RESTRICTIVE",
        "{public}",
        "SELECT",
        f"({OWNER} OR {_AUTHOR_LET_IN})",
        None,
    ),
    ("author_changes", "RESTRICTIVE", "{public}", "UPDATE", _AUTHOR_LET_IN, _AUTHOR_LET_IN),
    ("author_adds", "RESTRICTIVE", "{public}", "INSERT", None, _AUTHOR_LET_IN),
]
_ASKS, _OFFERS, _IS_MET = (f"({ME} = {part}_id)" for part in ("requester", "introducer", "target"))
_PARTS = f"(({_ASKS} OR {_OFFERS}) OR {_IS_MET})"
PARTS_ONLY = ("parts_only", "RESTRICTIVE", "{public}", "ALL", _PARTS, _PARTS)
_OWNED = OWNER.replace("person_id", "owner_id")
OF_OWNER = ("owner_only", "RESTRICTIVE", "{public}", "ALL", _OWNED, _OWNED)
PERSON_ONLY = ("person_only", "RESTRICTIVE", "{public}", "ALL", OWNER, OWNER)
JOURNAL = ("reflection", "note", "aspiration", "own_view", "insight")
ALONE: dict[str, dict[str, list[Policy]]] = {
    "feedback": {"checkins_private_note": [AUTHOR_ONLY]},
    "profile": {
        **{f"journal_{name}": [OWNER_ONLY] for name in JOURNAL},
        "assessments_answers": [OWNER_ONLY],
        "assessments_result": OF_RESULTS,
        "interpretations_confidant": OF_INTERPRETATIONS,
        "network_contact": [OF_OWNER],
        "network_interaction": [OF_OWNER],
        "network_introduction": [PARTS_ONLY],
        "exports_export": [PERSON_ONLY],
    },
}
"""By database, what tables bear that one person alone may read, or whom that person lets in."""
