"""What the gateway reads of instruments: no person is in it."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from services.profile.assessments import registry
from services.profile.assessments.models import ItemMoments
from services.profile.assessments.rules import InstrumentStatus
from services.profile.interpretations.texts_column import texts_of
from services.profile.policy import POLICY
from shared.tenancy import Principal
from shared.views import (
    Argument,
    Columns,
    Elements,
    Scalar,
    View,
    columns,
    computed,
    elements,
    global_id,
    part,
)
from shared.views.declare import Arguments

_MOMENTS = ItemMoments.metadata.tables[ItemMoments.__tablename__]


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
        "validDays": _counted("validDays"),
        "options": _of_content(("response", "options"), "value", "label"),
        "items": _of_content(("items",), "key", "text", "form", "required", "choices"),
        "scales": _of_content(("scales",), "code", "name", "description", "parent", "low", "high"),
        "normGroups": _of_content(("normGroups",), "code", "name", "n", "source"),
        "reliability": Elements(
            _live, elements("figures", "scale", "alpha", "omega", "source", "sessions").members
        ),
        "interpretations": computed(
            texts_of,
            *("version", "locale", "source", "introduction", "nearBorder", "notKnown"),
            part("scales", "scale", "by", part("bands", "code", "label", "from", "text")),
        ),
    },
    order=("code", "-in_use", "-version", "locale", "id"),
    arguments={
        "kind": Argument(str, lambda row, wanted: row.kind == wanted),
        "code": Argument(str, lambda row, wanted: row.code == wanted),
        "locale": Argument(str, lambda row, wanted: row.locale == wanted),
    },
)
