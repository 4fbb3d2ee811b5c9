"""What a result says, as one document in the wire's own names: sealed for guidance, in the open for a skill test."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from pydantic.alias_generators import to_camel

from services.profile.assessments.instruments import Instrument
from services.profile.assessments.preferences import Preference
from services.profile.assessments.schemas import ExternalResultCreate
from services.profile.assessments.scoring import ScaleScore, Scored

EMPTY: Mapping[str, Any] = {
    "name": None,
    "publisher": None,
    "version": None,
    "engine": None,
    "typeCode": None,
    "scales": [],
    "preferences": [],
    "values": None,
    "flags": [],
    "figures": [],
    "normGroup": None,
    "normed": None,
    "normedNote": None,
    "notice": None,
    "note": None,
    "interpretation": None,
}
"""Every report has these members, so that a reader finds each under one name."""


def of_scored(instrument: Instrument, scored: Scored) -> dict[str, Any]:
    """The figures of each scale with its name, and whom the person is compared with, if anybody."""
    interests, values = scored.interest_code, scored.values
    return {
        **_of_instrument(instrument),
        "version": scored.version,
        "engine": scored.engine,
        "typeCode": interests.text if interests else None,
        "scales": [_scale(instrument, each) for each in scored.scales],
        "values": _camel(asdict(values)) if values else None,
        "flags": _camel([asdict(each) for each in scored.flags]),
        "normGroup": _norm_group(instrument, scored.norm_group),
    }


def of_preferences(instrument: Instrument, preferences: Sequence[Preference]) -> dict[str, Any]:
    """What is read off another instrument's traits; continuous, never a type."""
    return {
        **_of_instrument(instrument),
        "version": instrument.version,
        "preferences": _camel([asdict(each) for each in preferences]),
    }


def of_external(new: ExternalResultCreate, known: Instrument | None) -> dict[str, Any]:
    """Another publisher's report, as the person copied it."""
    named = {**EMPTY, "name": new.name, "publisher": new.publisher}
    if known is not None:
        named = _of_instrument(known) | {"publisher": known.source}
    return {
        **named,
        "typeCode": new.type_code,
        "figures": [each.model_dump(mode="json", by_alias=True) for each in new.figures],
        "note": new.note,
    }


def _of_instrument(instrument: Instrument) -> dict[str, Any]:
    return {
        **EMPTY,
        "name": instrument.name,
        "normed": instrument.normed,
        "normedNote": instrument.normed_note,
        "notice": instrument.licence.notice,
    }


def _scale(instrument: Instrument, score: ScaleScore) -> dict[str, Any]:
    scale = instrument.scale(score.code)
    named = {"name": scale.name, "parent": scale.parent, "low": scale.low, "high": scale.high}
    return {**named, **_camel(asdict(score))}


def _norm_group(instrument: Instrument, code: str | None) -> dict[str, Any] | None:
    if code is None:
        return None
    group = instrument.norm_group(code)
    return {"code": group.code, "name": group.name, "n": group.n, "source": group.source}


def _camel(value: Any) -> Any:
    match value:
        case dict():
            return {to_camel(str(name)): _camel(member) for name, member in value.items()}
        case list() | tuple():
            return [_camel(each) for each in value]
    return value
