"""The texts of an instrument as one JSON array in SQL: those that were brought, the last first, then the package's."""

import json
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from services.profile.interpretations.known_texts import built_in, content_of
from services.profile.interpretations.models import BroughtTexts
from shared.views import Columns

_BROUGHT = BroughtTexts.metadata.tables[BroughtTexts.__tablename__]
_EMPTY = literal_column("'[]'::jsonb", JSONB())


def texts_of(row: Columns) -> ColumnElement[Any]:
    """`row` has an instrument's code and version."""
    own = _BROUGHT.c
    newest = aggregate_order_by(own.content, own.brought_at.desc(), own.id.desc())
    brought = (
        select(func.jsonb_agg(newest, type_=JSONB))
        .where(own.instrument == row.code, own.instrument_version == row.version)
        .correlate_except(_BROUGHT)
        .scalar_subquery()
    )
    packaged = cast(bindparam("packaged_texts", _packaged(), Text(), required=False), JSONB)
    name = func.concat(row.code, literal_column("'/'"), row.version)
    return func.coalesce(brought, _EMPTY).op("||")(func.coalesce(packaged[name], _EMPTY))


@cache
def _packaged() -> str:
    return json.dumps(
        {
            "/".join(name): [content_of(each.texts) for each in kept]
            for name, kept in built_in().items()
        }
    )
