"""What the gateway reads of sessions; sealed answers come marked, and are opened afterwards."""

from sqlalchemy import ColumnElement, FromClause, and_, or_, select

from services.profile.assessments import competency
from services.profile.assessments.instrument_views import instruments
from services.profile.assessments.marks import mark
from services.profile.assessments.models import AssessmentSession, SessionAnswers
from services.profile.assessments.queries import sessions as known_sessions
from services.profile.assessments.result_views import (
    compatible_occupations,
    occupations_by_values,
    results,
)
from services.profile.policy import POLICY
from shared.tenancy import Principal
from shared.views import (
    Columns,
    Logged,
    Many,
    One,
    View,
    column,
    columns,
    elements,
    global_id,
    sealed,
)
from shared.views.declare import Arguments

__all__ = [
    "compatible_occupations",
    "instruments",
    "occupations_by_values",
    "results",
    "sessions",
    "skill_items",
]

_ANSWERS = SessionAnswers.metadata.tables[SessionAnswers.__tablename__]
_SESSIONS = AssessmentSession.metadata.tables[AssessmentSession.__tablename__]


def _with_tenant(principal: Principal, _: Arguments) -> FromClause:
    known = known_sessions(principal)
    same = and_(known.c.id == _SESSIONS.c.id)
    return select(*known.c, _SESSIONS.c.tenant_id).join(_SESSIONS, same).subquery()


def _sessions_visible(principal: Principal, row: Columns) -> ColumnElement[bool]:
    """The source has left out what the caller may not know of."""
    read = POLICY.visible(principal, "ASSESSMENT", "READ", row.person_id)
    return or_(read, POLICY.visible(principal, "ASSESSMENT", "FOLLOW", row.person_id))


def _saved(row: Columns) -> ColumnElement[str]:
    """The row-level policy shows them to who gave them alone."""
    kept = select(_ANSWERS.c.sealed).where(_ANSWERS.c.session_id == row.id)
    return mark(row, row.id, kept.correlate_except(_ANSWERS).scalar_subquery())


def _skill_items(principal: Principal, _: Arguments) -> FromClause:
    return competency.asked(known_sessions(principal)).subquery()


def _own(principal: Principal, row: Columns) -> ColumnElement[bool]:
    return POLICY.visible(principal, "ASSESSMENT", "READ", row.person_id)


skill_items: View = View(
    name="assessment_skill_items",
    source=_skill_items,
    visible=_own,
    fields={
        "id": global_id("Skill"),
        "key": column("id"),
        "skillId": column("id"),
        "text": column("statement"),
        "description": column("description"),
        "options": elements("levels", "ordinal", "label", "description"),
    },
    lists={"session": "session_id"},
    order=competency.IN_ORDER,
)

sessions: View = View(
    name="assessment_sessions",
    source=_with_tenant,
    visible=_sessions_visible,
    fields={
        "id": global_id("AssessmentSession"),
        **columns("personId", "name", "kind", "purposeLock", "state", "attempt", "assignedBy"),
        **columns("assignedAt", "dueOn", "lastOn", "startedAt", "submittedAt", "interpretedAt"),
        "instrument": One(lambda: instruments, on="instrument_id"),
        "answers": sealed(
            _saved, "answers", "item", "value", "choice", "ranking", "text", "seconds"
        ),
        "skillItems": Many(lambda: skill_items, by="session"),
        "results": Many(lambda: results, by="session"),
    },
    lists={"person": "person_id"},
    order=("-assigned_at", "-id"),
    logged=Logged("ASSESSMENTS"),
)
