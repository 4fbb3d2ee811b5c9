"""An instrument is data: items, options, keys, scales, norms, licence and purpose lock.

`Instrument.model_validate_json(text)` reads the form that files and the registry hold (camelCase). What contradicts
itself is refused with the place and the fix; `sentences` puts a failed validation into words.
"""

from collections.abc import Iterator
from typing import Self

from pydantic import Field, ValidationError, model_validator

from services.profile.assessments import consistency
from services.profile.assessments.parts import (
    GUIDANCE_KINDS,
    MOST_ITEMS,
    MOST_SCALES,
    Aggregator,
    Code,
    Derivation,
    Form,
    Item,
    KeyedItem,
    Kind,
    Licence,
    Norm,
    NormGroup,
    Option,
    Part,
    PurposeLock,
    Reliability,
    Response,
    Scale,
    Text,
    Trait,
)

__all__ = [
    "GUIDANCE_KINDS",
    "Aggregator",
    "Derivation",
    "Form",
    "Instrument",
    "Item",
    "KeyedItem",
    "Kind",
    "Licence",
    "Norm",
    "NormGroup",
    "Option",
    "PurposeLock",
    "Reliability",
    "Response",
    "Scale",
    "Trait",
    "sentences",
]


class Instrument(Part):
    """One version of an instrument in one language; a version that was answered once never changes."""

    code: Code
    version: Code
    name: Text
    kind: Kind
    locale: str = Field(default="en", pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    description: Text | None = None
    instructions: Text | None = None
    purpose_lock: PurposeLock = PurposeLock.GUIDANCE_ONLY
    licence: Licence
    source: Text
    normed: bool
    normed_note: Text
    response: Response = Response()
    items: tuple[Item, ...] = Field(default=(), max_length=MOST_ITEMS)
    scales: tuple[Scale, ...] = Field(default=(), max_length=MOST_SCALES)
    norm_groups: tuple[NormGroup, ...] = Field(default=(), max_length=MOST_SCALES)
    default_norm_group: Code | None = None
    reliability: tuple[Reliability, ...] = ()
    derivation: Derivation | None = None
    cool_down_days: int = Field(default=0, ge=0, le=3650)
    expires_days: int | None = Field(default=None, ge=1, le=3650)
    """A session that is not submitted within so many days of its start expires."""
    valid_days: int | None = Field(default=None, ge=1, le=36_500)
    """A result is offered to be renewed after so many days; none is for good unless this is given."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        found = list(self._contradictions())
        if found:
            raise ValueError("; ".join(found))
        return self

    def item(self, key: str) -> Item:
        return next(each for each in self.items if each.key == key)

    def scale(self, code: str) -> Scale:
        return next(each for each in self.scales if each.code == code)

    def norm_group(self, code: str) -> NormGroup:
        return next(each for each in self.norm_groups if each.code == code)

    def _contradictions(self) -> Iterator[str]:
        yield from consistency.of_response(self.response, self.items)
        yield from consistency.of_items(self.items, self.scales)
        yield from consistency.of_scales(self.scales, self.items, self.derivation)
        yield from consistency.of_norms(self.norm_groups, self.scales, self.default_norm_group)
        yield from consistency.of_reliability(self.reliability, self.scales)
        yield from consistency.of_promises(
            licence=self.licence,
            kind=self.kind,
            lock=self.purpose_lock,
            normed=self.normed or not self.norm_groups,
        )
        if self.normed and not (self.norm_groups or self.derivation):
            yield "normed: it has no normGroups: give them or say false"
        if not (self.items or self.derivation or self.licence.external_only):
            yield "items: there are none: give items, a derivation, or licence.externalOnly"
        if self.items and (self.derivation or self.licence.external_only):
            yield "items: a derived or external instrument has none: leave them out"


def sentences(error: ValidationError) -> list[str]:
    """One sentence for each thing that is wrong, with its place in the file and the fix."""
    return [
        sentence
        for each in error.errors()
        for sentence in _said(each["loc"], _FIXES.get(each["type"], each["msg"]))
    ]


_FIXES = {"missing": "is missing: add it", "extra_forbidden": "is unknown here: leave it out"}


def _said(place: tuple[int | str, ...], message: str) -> list[str]:
    words = message.removeprefix("Value error, ")
    if not place:
        return words.split("; ")
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return [f"{path.lstrip('.')}: {words[:1].lower()}{words[1:]}"]
