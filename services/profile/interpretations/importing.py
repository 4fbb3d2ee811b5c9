"""The bulk door of texts: a version is brought once and stays as it is."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.assessments import registry
from services.profile.assessments.instruments import Instrument
from services.profile.assessments.models import InstrumentVersion
from services.profile.assessments.problems import RepeatedLine, UnknownInstrument
from services.profile.interpretations import known_texts
from services.profile.interpretations.models import BroughtTexts
from services.profile.interpretations.problems import TextsAreKept, TextsDoNotFit
from services.profile.interpretations.schemas import InterpretationRow
from services.profile.interpretations.texts import InterpretationTexts
from services.profile.rowsets import insert_rows
from shared import clock
from shared.bulk import Line, Verdict
from shared.ids import new_id

Version = tuple[str, str, str, str]
"""Instrument, its version, language, version of the texts."""
_COLUMNS = ("instrument", "instrument_version", "locale", "version")


async def apply(session: AsyncSession, lines: Sequence[Line[InterpretationRow]]) -> None:
    """Settles or refuses each line."""
    names = {_instrument(line.row) for line in lines}
    instruments = await _instruments(session, sorted(names))
    known = await _known(session, [_version(line.row) for line in lines])
    seen: set[Version] = set()
    new: list[dict[str, Any]] = []
    for line in lines:
        version = _version(line.row)
        if version in seen:
            line.refuse(RepeatedLine("version: send each version of texts once a request."))
        else:
            fitting = instruments.get(_instrument(line.row), ())
            _settle(line, fitting, known.get(version), new)
        seen.add(version)
    await insert_rows(session, BroughtTexts, new)


def key_of(row: InterpretationRow) -> str:
    """How an answer names the line."""
    return "/".join(_version(row))


def _settle(
    line: Line[InterpretationRow],
    instruments: Sequence[Instrument],
    before: tuple[UUID, str] | None,
    new: list[dict[str, Any]],
) -> None:
    content = known_texts.content_of(line.row)
    content_hash = registry.hash_of(content)
    faults = [fault for each in instruments[:1] for fault in line.row.against(each)]
    if not instruments:
        line.refuse(
            UnknownInstrument("instrument: there is no such version of one: bring it first.")
        )
    elif faults:
        line.refuse(TextsDoNotFit("; ".join(faults)))
    elif before is None:
        row = {name: getattr(line.row, name) for name in _COLUMNS}
        row |= {"content": content, "content_hash": content_hash, "brought_at": clock.now()}
        new.append(row | {"id": new_id()})
        line.settle(Verdict.CREATED, new[-1]["id"])
    elif before[1] == content_hash:
        line.settle(Verdict.UNCHANGED, before[0])
    else:
        line.refuse(TextsAreKept("version: give the changed texts another one."))


async def _instruments(
    session: AsyncSession, names: Sequence[known_texts.Name]
) -> Mapping[known_texts.Name, Sequence[Instrument]]:
    """In whatever languages: scales bear the same codes in all of them."""
    found: dict[known_texts.Name, list[Instrument]] = {}
    for each in registry.built_in().values():
        found.setdefault((each.instrument.code, each.instrument.version), []).append(
            each.instrument
        )
    named = tuple_(InstrumentVersion.code, InstrumentVersion.version)
    brought = await session.scalars(select(InstrumentVersion).where(named.in_(names)))
    for row in brought:
        found.setdefault((row.code, row.version), []).append(registry.registered(row).instrument)
    return found


async def _known(
    session: AsyncSession, versions: Sequence[Version]
) -> Mapping[Version, tuple[UUID, str]]:
    """Those that were brought, with their ids and hashes."""
    row = BroughtTexts
    named = tuple_(row.instrument, row.instrument_version, row.locale, row.version)
    found = await session.scalars(select(row).where(named.in_(versions)))
    return {_version(each): (each.id, each.content_hash) for each in found}


def _version(texts: InterpretationTexts | BroughtTexts) -> Version:
    return texts.instrument, texts.instrument_version, texts.locale, texts.version


def _instrument(texts: InterpretationTexts) -> known_texts.Name:
    return texts.instrument, texts.instrument_version
