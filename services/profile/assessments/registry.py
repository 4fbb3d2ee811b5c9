"""All instruments: those of the package, which every tenant has, beside those that the tenant brought."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import (
    FromClause,
    Integer,
    Text,
    Uuid,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.assessments.instruments import Instrument
from services.profile.assessments.models import InstrumentVersion
from services.profile.assessments.rules import InstrumentStatus

CONTENT = Path(__file__).parent / "content"
BUILT_IN_IDS = UUID("6f1d3c1e-5f0f-5c52-9a0b-0d6f6f6e4a11")
"""The ids of built-in versions follow from their names: the same in every tenant and installation."""

_COLUMNS = ("id", "code", "version", "locale", "name", "kind", "purpose_lock", "status")


@dataclass(frozen=True, slots=True)
class Registered:
    """An instrument with its place in the registry."""

    id: UUID
    status: InstrumentStatus
    instrument: Instrument
    content_hash: str
    measures: tuple[Mapping[str, Any], ...] = ()

    @property
    def purpose_locked(self) -> bool:
        return self.instrument.purpose_lock == "GUIDANCE_ONLY"


def content_of(instrument: Instrument) -> dict[str, Any]:
    return instrument.model_dump(mode="json", by_alias=True)


def hash_of(content: Mapping[str, Any]) -> str:
    """Equal for equal contents, whatever the order of their members.

    How long a result holds is none of it: neither what is asked nor how it is scored depends on that.
    """
    hashed = {name: each for name, each in content.items() if name != "validDays"}
    spelled = json.dumps(hashed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(spelled.encode()).hexdigest()


@cache
def built_in() -> Mapping[UUID, Registered]:
    """Every version that ever was built in stays, since sessions were answered with it."""
    found = {}
    for file in sorted(CONTENT.glob("*.json")):
        instrument = Instrument.model_validate_json(file.read_bytes())
        id_ = id_of(instrument.code, instrument.version, instrument.locale)
        content_hash = hash_of(content_of(instrument))
        found[id_] = Registered(id_, InstrumentStatus.PUBLISHED, instrument, content_hash)
    return found


def id_of(code: str, version: str, locale: str) -> UUID:
    """Of a built-in version."""
    return uuid5(BUILT_IN_IDS, f"{code}/{version}/{locale}")


async def find(session: AsyncSession, instrument_id: UUID) -> Registered | None:
    """Drafts and deprecated ones too."""
    if (known := built_in().get(instrument_id)) is not None:
        return known
    row = await session.scalar(
        select(InstrumentVersion).where(InstrumentVersion.id == instrument_id),
        execution_options={"populate_existing": True},
    )
    return registered(row) if row is not None else None


async def derived_from(session: AsyncSession, code: str) -> list[Registered]:
    """The published instruments without items whose scales are read off that instrument's."""
    rows = await session.scalars(
        select(InstrumentVersion).where(
            InstrumentVersion.status == InstrumentStatus.PUBLISHED,
            InstrumentVersion.content["derivation"]["instrument"].astext == code,
        )
    )
    every = [*built_in().values(), *map(registered, rows)]
    return [
        each
        for each in every
        if (derivation := each.instrument.derivation) and derivation.instrument == code
    ]


def registered(row: InstrumentVersion) -> Registered:
    instrument = Instrument.model_validate(row.content)
    return Registered(row.id, row.status, instrument, row.content_hash, tuple(row.measures))


def source() -> FromClause:
    """All instruments as rows; what is built in comes as parameters, its contents only where a statement reads them."""
    tenants = _tenants()
    kept = [tenants.c[name] for name in _COLUMNS]
    own = select(
        *kept, tenants.c.content_hash, tenants.c.content, literal_column("false").label("built_in")
    )
    names = [column(each.name, Uuid() if each.name == "id" else Text()) for each in kept]
    heads = cast(bindparam("built_in_instruments", _heads(), Text(), required=False), JSONB)
    given = (
        func.jsonb_to_recordset(heads)
        .table_valued(*names, column("content_hash", Text()), name="built_in")
        .render_derived(with_types=True)
    )
    contents = cast(bindparam("built_in_contents", _contents(), Text(), required=False), JSONB)
    packaged = select(
        *(given.c[name] for name in (*_COLUMNS, "content_hash")),
        contents[cast(given.c.id, Text)].label("content"),
        literal_column("true").label("built_in"),
    )
    return union_all(own, packaged).subquery()


def takeable() -> FromClause:
    """All instruments with items, in the words that a retake needs; `open` are those that can be begun."""
    own = _tenants()
    items = func.jsonb_array_length(own.c.content["items"])
    cool_down = cast(own.c.content["coolDownDays"].astext, Integer())
    brought = select(
        *(own.c[name] for name in _NAMING),
        cool_down.label("cool_down_days"),
        (own.c.status == InstrumentStatus.PUBLISHED.value).label("open"),
    ).where(items > 0)
    named = [column(name, Uuid() if name == "id" else Text()) for name in _NAMING]
    heads = cast(bindparam("takeable_instruments", _takeable(), Text(), required=False), JSONB)
    packaged = (
        func.jsonb_to_recordset(heads)
        .table_valued(*named, column("cool_down_days", Integer()), name="packaged")
        .render_derived(with_types=True)
    )
    return union_all(brought, select(*packaged.c, literal_column("true"))).subquery()


_NAMING = ("id", "code", "version", "locale")


def _tenants() -> FromClause:
    return InstrumentVersion.metadata.tables[InstrumentVersion.__tablename__]


@cache
def _takeable() -> str:
    return json.dumps(
        [
            {"id": str(each.id), "cool_down_days": each.instrument.cool_down_days}
            | {name: getattr(each.instrument, name) for name in _NAMING[1:]}
            for each in built_in().values()
            if each.instrument.items
        ]
    )


@cache
def _heads() -> str:
    return json.dumps(
        [
            {
                "id": str(each.id),
                "status": each.status,
                "content_hash": each.content_hash,
                **{
                    name: getattr(each.instrument, name)
                    for name in ("code", "version", "locale", "name", "kind", "purpose_lock")
                },
            }
            for each in built_in().values()
        ]
    )


@cache
def _contents() -> str:
    return json.dumps({str(each.id): content_of(each.instrument) for each in built_in().values()})
