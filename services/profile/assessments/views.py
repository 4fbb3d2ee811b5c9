"""What the gateway reads of instruments, sessions and results; sealed parts come marked, and are opened afterwards."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Text,
    and_,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.profile.assessments import competency, interests, occupations, registry
from services.profile.assessments.models import (
    AssessmentResult,
    AssessmentSession,
    ItemMoments,
    SessionAnswers,
)
from services.profile.assessments.parts import Kind
from services.profile.assessments.queries import results_visible
from services.profile.assessments.queries import sessions as known_sessions
from services.profile.assessments.rules import InstrumentStatus, Origin
from services.profile.policy import POLICY
from services.profile.tables import PERSON_KEYS
from shared.sealing import marked
from shared.tenancy import Principal
from shared.views import (
    Argument,
    Columns,
    Elements,
    Many,
    One,
    Scalar,
    Sealed,
    View,
    column,
    columns,
    elements,
    global_id,
    part,
    sealed,
)
from shared.views.declare import Arguments

_ANSWERS = SessionAnswers.metadata.tables[SessionAnswers.__tablename__]
_RESULTS = AssessmentResult.metadata.tables[AssessmentResult.__tablename__]
_SESSIONS = AssessmentSession.metadata.tables[AssessmentSession.__tablename__]
_MOMENTS = ItemMoments.metadata.tables[ItemMoments.__tablename__]


def _wrapped(person_id: ColumnElement[Any]) -> ColumnElement[bytes]:
    key = select(PERSON_KEYS.c.wrapped).where(PERSON_KEYS.c.person_id == person_id)
    return key.correlate_except(PERSON_KEYS).scalar_subquery()


def _mark(
    row: Columns, bound_to: ColumnElement[Any], kept: ColumnElement[Any]
) -> ColumnElement[str]:
    return marked.mark(
        tenant_id=row.tenant_id,
        person_id=row.person_id,
        bound_to=[bound_to],
        wrapped=_wrapped(row.person_id),
        sealed=kept,
    )


def _instruments(principal: Principal, _: Arguments) -> FromClause:
    row = registry.source()
    drafts = POLICY.visible(principal, "INSTRUMENT", "READ_DRAFT", row.c.id)
    in_use = row.c.status == InstrumentStatus.PUBLISHED.value
    known = or_(row.c.status != InstrumentStatus.DRAFT.value, drafts)
    return select(*row.c, in_use.label("in_use")).where(known).subquery()


def _said(name: str) -> Scalar:
    """A text of the content itself."""
    return Scalar(lambda row: row.content[name].astext)


def _counted(name: str) -> Scalar:
    return Scalar(lambda row: row.content[name])


def _of_content(path: tuple[str, ...], *members: Any) -> Elements:
    shown = elements("content", *members)
    return Elements(lambda row: row.content[path], shown.members)


def _licence(name: str) -> Scalar:
    return Scalar(lambda row: row.content[("licence", name)].astext)


def _live(row: Columns) -> ColumnElement[Any]:
    """What the tenant's own sessions say, else what the instrument brings."""
    own = select(_MOMENTS.c.figures).where(_MOMENTS.c.id == row.id).correlate_except(_MOMENTS)
    published = row.content["reliability"]
    figures = func.nullif(own.scalar_subquery(), literal_column("'[]'::jsonb"), type_=JSONB)
    return func.coalesce(figures, published, type_=JSONB)


def _instruments_visible(principal: Principal, row: Columns) -> ColumnElement[bool]:
    return POLICY.visible(principal, "INSTRUMENT", "READ", row.id)


instruments: View = View(
    name="instruments",
    source=_instruments,
    visible=_instruments_visible,
    fields={
        "id": global_id("Instrument"),
        **columns("code", "version", "locale", "name", "kind", "purposeLock", "status", "builtIn"),
        "description": _said("description"),
        "instructions": _said("instructions"),
        "notice": _licence("notice"),
        "licence": _licence("spdxOrText"),
        "externalOnly": Scalar(lambda row: row.content[("licence", "externalOnly")]),
        "source": _said("source"),
        "normed": _counted("normed"),
        "normedNote": _said("normedNote"),
        "coolDownDays": _counted("coolDownDays"),
        "expiresDays": _counted("expiresDays"),
        "options": _of_content(("response", "options"), "value", "label"),
        "items": _of_content(("items",), "key", "text", "form", "required", "choices"),
        "scales": _of_content(("scales",), "code", "name", "description", "parent", "low", "high"),
        "normGroups": _of_content(("normGroups",), "code", "name", "n", "source"),
        "reliability": Elements(
            _live, elements("figures", "scale", "alpha", "omega", "source", "sessions").members
        ),
    },
    order=("code", "-in_use", "-version", "locale", "id"),
    arguments={
        "kind": Argument(str, lambda row, wanted: row.kind == wanted),
        "code": Argument(str, lambda row, wanted: row.code == wanted),
        "locale": Argument(str, lambda row, wanted: row.locale == wanted),
    },
)


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
    return _mark(row, row.id, kept.correlate_except(_ANSWERS).scalar_subquery())


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
        **columns("assignedAt", "dueOn", "lastOn", "startedAt", "submittedAt"),
        "instrument": One(lambda: instruments, on="instrument_id"),
        "answers": sealed(
            _saved, "answers", "item", "value", "choice", "ranking", "text", "seconds"
        ),
        "skillItems": Many(lambda: skill_items, by="session"),
        "results": Many(lambda: results, by="session"),
    },
    lists={"person": "person_id"},
    order=("-assigned_at", "-id"),
)


def _report(row: Columns) -> ColumnElement[str]:
    return _mark(row, row.id, row.sealed)


_INTERVAL = ("low", "high")
_SCALE = ("code", "name", "parent", "low", "high", "items", "answered", "missing", "prorated")
_FIGURES = ("raw", "lowest", "highest", "standard", "percentile", "sem", "unscored")
_PREFERENCE = ("code", "name", "low", "high", "standard", "percentile", "bandLow", "bandHigh")


def _reported(name: str, *members: Any) -> Sealed:
    """What a skill test found stands in the open, for whom the view shows it to."""
    return sealed(_report, name, *members, plain=lambda row: row.scores)


results: View = View(
    name="assessment_results",
    source=_RESULTS,
    visible=results_visible,
    fields={
        "id": global_id("AssessmentResult"),
        **columns("personId", "kind", "purposeLock", "origin", "takenOn"),
        "instrument": One(lambda: instruments, on="instrument_id"),
        **{
            name: _reported(name)
            for name in ("name", "publisher", "typeCode", "normed", "normedNote", "notice", "note")
        },
        "scales": _reported(
            "scales",
            *_SCALE,
            *_FIGURES,
            part("interval", *_INTERVAL),
            part("standardInterval", *_INTERVAL),
        ),
        "preferences": _reported(
            "preferences", *_PREFERENCE, "leaning", "pole", part("interval", *_INTERVAL)
        ),
        "values": _reported(
            "values", "tiers", part("consistency", "circularTriads", "mostPossible", "zeta")
        ),
        "flags": _reported("flags", "sign", "figure", "limit", "sentence"),
        "figures": _reported("figures", "label", "value", "text"),
        "normGroup": _reported("normGroup", "code", "name", "n", "source"),
    },
    lists={"person": "person_id", "session": "session_id"},
    order=("-taken_on", "-id"),
)


AREAS = tuple(name.lower() for name in interests.AREAS.values())


def _newest_interests(principal_row: Columns) -> ColumnElement[str]:
    """Of one's own newest interest result; whose consent lets one in, is still not oneself."""
    row = _RESULTS.c
    newest = (
        select(_mark(row, row.id, row.sealed))
        .where(
            row.person_id == principal_row.id,
            row.kind == Kind.INTEREST.value,
            row.origin == Origin.SCORED.value,
            func.cast(row.person_id, Text)
            == func.current_setting(literal_column("'app.person'"), literal_column("true")),
        )
        .order_by(row.taken_on.desc(), row.id.desc())
        .limit(1)
        .correlate_except(_RESULTS)
    )
    return newest.scalar_subquery()


compatible_occupations = Sealed(
    mark=_newest_interests,
    name="",
    members=elements(
        "",
        "onetSocCode",
        "title",
        "congruence",
        "fit",
        "interestCode",
        "reason",
        part("contributions", *AREAS),
    ).members,
    made_by=occupations.MADE_BY,
    material=lambda _row: occupations.catalogue(),
)
"""A field of a person, for nobody's eyes but theirs."""
