"""Files of instruments: our own JSON form, and those that O*NET's and IPIP's material is handed round in.

Understood as they are: the Interest Profiler's short form and Mini-IP, the needs behind the six work values, IPIP's
fifty Big-Five markers (self and observer wording: two instruments), and the 120 items of the IPIP-NEO. None of them
brings norms, so none of these instruments is normed. Our own form may hold an instrument, an instrument with texts that
interpret it, or such texts alone.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from services.profile.assessments.file_forms import Markers, Profiler, Question, WorkNeeds
from services.profile.assessments.instruments import (
    Aggregator,
    Instrument,
    Item,
    KeyedItem,
    Kind,
    Licence,
    Option,
    Response,
    Scale,
    sentences,
)
from services.profile.assessments.interests import AREAS

ACCURACY = Response(
    options=tuple(
        Option(value=value, label=label)
        for value, label in enumerate(
            (
                "Very inaccurate",
                "Moderately inaccurate",
                "Neither accurate nor inaccurate",
                "Moderately accurate",
                "Very accurate",
            ),
            start=1,
        )
    )
)
IMPORTANCE = Response(
    options=tuple(
        Option(value=value, label=label)
        for value, label in enumerate(
            ("Least important", "Less important", "Middling", "More important", "Most important"),
            start=1,
        )
    )
)
TRAITS = {
    "N": "Neuroticism",
    "E": "Extraversion",
    "O": "Openness",
    "A": "Agreeableness",
    "C": "Conscientiousness",
}
MARKERS = {
    "E": "Extraversion",
    "A": "Agreeableness",
    "C": "Conscientiousness",
    "ES": "Emotional stability",
    "I": "Intellect",
}
IPIP = "International Personality Item Pool, ipip.ori.org"
IPIP_LICENCE = Licence(
    spdx_or_text="Public domain",
    bundled=False,
    notice="Items of the International Personality Item Pool, which are in the public domain.",
)
TEXTS = "interpretations"
"""The member of an instrument's file that holds what is said of its scores."""
NO_NORMS = "Not normed: the file brings no norms."


class UnreadableInstrument(Exception):
    """The file holds no instrument; the sentences name the field and the fix."""


_QUESTIONS = TypeAdapter(list[Question])


def lines_in(text: str) -> list[dict[str, Any]]:
    """Lines for `/imports/instruments`, to be published unless the file says `"publish": false`.

    `measures`, of a skill test, go along as they are. Raises UnreadableInstrument.
    """
    stored = _json(text)
    if _is_texts(stored):
        return []
    beside = {"publish": True}
    if isinstance(stored, dict):
        stored.pop(TEXTS, None)
        beside |= {name: stored.pop(name) for name in ("publish", "measures") if name in stored}
    return [
        each.model_dump(mode="json", by_alias=True, exclude_none=True) | beside
        for each in _instruments(stored)
    ]


def texts_in(text: str) -> list[dict[str, Any]]:
    """Lines for `/imports/interpretations`, of a file of texts or of those that stand in an instrument's.

    The door reads them: here they are only found. Raises UnreadableInstrument.
    """
    stored = _json(text)
    if _is_texts(stored):
        return [stored]
    found = stored.get(TEXTS, []) if isinstance(stored, dict) else []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise UnreadableInstrument(f"{TEXTS}: give a list of texts, each with version and locale.")
    of = (
        {"instrument": stored.get("code"), "instrumentVersion": stored.get("version")}
        if found
        else {}
    )
    return [of | each for each in found]


def instruments_in(text: str) -> list[Instrument]:
    """One, or two where a file words its items for oneself and for an observer. Raises UnreadableInstrument."""
    return _instruments(_json(text))


def _is_texts(stored: Any) -> bool:
    return isinstance(stored, dict) and {"instrument", "nearBorder"} <= stored.keys()


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableInstrument(
            f"line {error.lineno}, column {error.colno}: this is no JSON ({error.msg}): save the file as JSON."
        ) from None


def _instruments(stored: Any) -> list[Instrument]:
    try:
        return _reader(stored)(stored)
    except ValidationError as error:
        raise UnreadableInstrument("; ".join(sentences(error))) from None


def _reader(stored: Any) -> Callable[[Any], list[Instrument]]:
    members = stored.keys() if isinstance(stored, dict) else set()
    items = stored.get("items") if isinstance(stored, dict) else None
    first = items[0] if isinstance(items, list) and items else None
    of_items = first.keys() if isinstance(first, dict) else set()
    if isinstance(stored, list):
        return _ipip_neo
    if {"code", "kind"} <= members:
        return _own
    if "values" in members:
        return _work_needs
    if "area" in of_items:
        return _interest_profiler
    if "factor" in of_items:
        return _markers
    raise UnreadableInstrument(
        "this is neither Waymark's form of an instrument (code, kind, items, scales ...) nor one of the known files of "
        "O*NET or IPIP: write it in Waymark's form."
    )


def _own(stored: Any) -> list[Instrument]:
    return [Instrument.model_validate(stored)]


def _interest_profiler(stored: Any) -> list[Instrument]:
    file = Profiler.model_validate(stored)
    items = [(f"i{each.index:02d}", each) for each in file.items]
    return [
        Instrument(
            code=file.id,
            version="1",
            name=file.title,
            kind=Kind.INTEREST,
            instructions="How much would you like to do this work? Do not think of pay or training.",
            licence=Licence(
                spdx_or_text="O*NET Career Exploration Tools user agreement; O*NET content CC BY 4.0",
                bundled=False,
                notice=file.license,
            ),
            source="O*NET Interest Profiler, USDOL/ETA",
            normed=False,
            normed_note="Raw scores and their order, as its publisher reports them.",
            response=Response(options=tuple(file.scale)),
            items=tuple(Item(key=key, text=each.text, required=False) for key, each in items),
            scales=tuple(
                _scale(letter, area, [(key, False) for key, each in items if each.area == area])
                for letter, area in AREAS.items()
            ),
        )
    ]


def _work_needs(stored: Any) -> list[Instrument]:
    """Means, so that values with more needs weigh no more: six times the mean is the printed locator's total."""
    file = WorkNeeds.model_validate(stored)
    needs = {need.id: need for value in file.values.values() for need in value.needs}
    return [
        Instrument(
            code=file.id,
            version="1",
            name="O*NET work values by needs",
            kind=Kind.VALUES,
            instructions="How important is it to you that this holds for your work?",
            licence=Licence(spdx_or_text="CC-BY-4.0", bundled=False, notice=file.license),
            source="O*NET content model, USDOL/ETA",
            normed=False,
            normed_note="The order is the person's own: it needs no norms.",
            response=IMPORTANCE,
            items=tuple(
                Item(key=key, text=need.statement, required=False) for key, need in needs.items()
            ),
            scales=tuple(
                Scale(
                    code=value.name.upper().replace(" ", "_"),
                    name=value.name,
                    description=value.description,
                    aggregator=Aggregator.MEAN,
                    items=tuple(KeyedItem(key=need.id) for need in value.needs),
                )
                for value in file.values.values()
            ),
        )
    ]


def _markers(stored: Any) -> list[Instrument]:
    file = Markers.model_validate(stored)
    keyed = [(f"q{each.index:02d}", each) for each in file.items]
    scales = tuple(
        _scale(code, name, [(key, each.keyed == "-") for key, each in keyed if each.factor == code])
        for code, name in MARKERS.items()
    )
    wordings = (
        (file.id, file.title, {key: each.self for key, each in keyed}),
        (f"{file.id}-observer", f"{file.title}, observer", {k: each.observer for k, each in keyed}),
    )
    return [_inventory(code, name, texts, scales) for code, name, texts in wordings]


def _ipip_neo(stored: Any) -> list[Instrument]:
    keyed = [(f"q{at:03d}", each) for at, each in enumerate(_QUESTIONS.validate_python(stored), 1)]
    whole = [
        _scale(
            code, name, [(key, each.keyed == "minus") for key, each in keyed if each.domain == code]
        )
        for code, name in TRAITS.items()
    ]
    facets = [
        _scale(
            f"{code}{facet}",
            f"{name}, facet {facet}",
            [
                (key, each.keyed == "minus")
                for key, each in keyed
                if (each.domain, each.facet) == (code, facet)
            ],
            parent=code,
        )
        for code, name in TRAITS.items()
        for facet in sorted({each.facet for _, each in keyed if each.domain == code})
    ]
    texts = {key: each.text for key, each in keyed}
    code, name = f"ipip-neo-{len(keyed)}", f"IPIP-NEO, {len(keyed)} items"
    return [_inventory(code, name, texts, (*whole, *facets))]


def _inventory(
    code: str, name: str, texts: Mapping[str, str], scales: tuple[Scale, ...]
) -> Instrument:
    return Instrument(
        code=code,
        version="1",
        name=name,
        kind=Kind.PERSONALITY_TRAIT,
        instructions="How well does each statement describe the person as they are now?",
        licence=IPIP_LICENCE,
        source=IPIP,
        normed=False,
        normed_note=NO_NORMS,
        response=ACCURACY,
        items=tuple(Item(key=key, text=text, required=False) for key, text in texts.items()),
        scales=scales,
    )


def _scale(
    code: str, name: str, keys: Sequence[tuple[str, bool]], *, parent: str | None = None
) -> Scale:
    items = tuple(KeyedItem(key=key, reversed=turned) for key, turned in keys)
    return Scale(code=code, name=name, parent=parent, items=items)
