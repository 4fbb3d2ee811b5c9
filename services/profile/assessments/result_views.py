"""What the gateway reads of results; what is sealed comes marked, and is opened afterwards."""

from typing import Any

from sqlalchemy import ColumnElement, Text, func, literal_column, select

from services.profile.assessments import interests, occupation_values, occupations, validity
from services.profile.assessments.instrument_views import instruments
from services.profile.assessments.marks import mark
from services.profile.assessments.models import (
    AssessmentResult,
    OccupationInterests,
    OccupationValues,
)
from services.profile.assessments.parts import Kind
from services.profile.assessments.queries import results_visible
from services.profile.assessments.rules import Origin
from services.profile.interpretations.views import interpretations
from shared.views import (
    Columns,
    Logged,
    Many,
    One,
    Sealed,
    View,
    columns,
    elements,
    global_id,
    part,
    sealed,
)
from shared.views.declare import Expression

_RESULTS = AssessmentResult.metadata.tables[AssessmentResult.__tablename__]


def _report(row: Columns) -> ColumnElement[str]:
    return mark(row, row.id, row.sealed)


_INTERVAL = ("low", "high")
_SCALE = ("code", "name", "parent", "low", "high", "items", "answered", "missing", "prorated")
_FIGURES = ("raw", "lowest", "highest", "standard", "percentile", "sem", "unscored")
_PREFERENCE = ("code", "name", "low", "high", "standard", "percentile", "bandLow", "bandHigh")

_WORDS = ("band", "label", "text")


def _reported(name: str, *members: Any) -> Sealed:
    """What a skill test found stands in the open, for whom the view shows it to."""
    return sealed(_report, name, *members, plain=lambda row: row.scores)


results: View = View(
    name="assessment_results",
    source=validity.results(),
    visible=results_visible,
    fields={
        "id": global_id("AssessmentResult"),
        **columns("personId", "kind", "purposeLock", "origin", "takenOn", "validUntil"),
        **columns("outdated", "retakeOn"),
        "retakeInstrument": One(lambda: instruments, on="retake_instrument_id"),
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
        "interpretation": _reported(
            "interpretation",
            *("textVersion", "locale", "source", "introduction", "interpretedAt"),
            part("scales", "scale", "name", *_WORDS, "certainty", "note", part("near", *_WORDS)),
        ),
        "confidantInterpretations": Many(lambda: interpretations, by="result"),
        "normGroup": _reported("normGroup", "code", "name", "n", "source"),
    },
    lists={"person": "person_id", "session": "session_id"},
    order=("-taken_on", "-id"),
    logged=Logged("ASSESSMENT_RESULTS", certain=True),
)


_OCCUPATION = ("onetSocCode", "title", "congruence", "fit", "reason")
AREAS = tuple(name.lower() for name in interests.AREAS.values())


def _newest(kind: Kind) -> Expression:
    """Of one's own newest result of a kind; whose consent lets one in, is still not oneself."""

    def found(person: Columns) -> ColumnElement[str]:
        row = _RESULTS.c
        newest = (
            select(mark(row, row.id, row.sealed))
            .where(
                row.person_id == person.id,
                row.kind == kind.value,
                row.origin == Origin.SCORED.value,
                func.cast(row.person_id, Text)
                == func.current_setting(literal_column("'app.person'"), literal_column("true")),
            )
            .order_by(row.taken_on.desc(), row.id.desc())
            .limit(1)
            .correlate_except(_RESULTS)
        )
        return newest.scalar_subquery()

    return found


compatible_occupations = Sealed(
    mark=_newest(Kind.INTEREST),
    name="",
    members=elements("", *_OCCUPATION, "interestCode", part("contributions", *AREAS)).members,
    made_by=occupations.MADE_BY,
    material=lambda _row: occupations.catalogue(OccupationInterests),
)
"""A field of a person, for nobody's eyes but theirs."""

occupations_by_values = Sealed(
    mark=_newest(Kind.VALUES),
    name="",
    members=elements(
        "", *_OCCUPATION, part("contributions", *occupation_values.MEMBERS.values())
    ).members,
    made_by=occupation_values.MADE_BY,
    material=lambda _row: occupations.catalogue(OccupationValues),
)
"""Likewise."""
