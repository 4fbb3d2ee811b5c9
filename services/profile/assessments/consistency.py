"""What contradicts itself in an instrument, as sentences that name the place and the fix."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from services.profile.assessments.parts import (
    GUIDANCE_KINDS,
    Aggregator,
    Derivation,
    Form,
    Item,
    Kind,
    Licence,
    NormGroup,
    PurposeLock,
    Reliability,
    Response,
    Scale,
)

FORM_OF = {
    Aggregator.SUM: Form.RATING,
    Aggregator.MEAN: Form.RATING,
    Aggregator.WINS: Form.PAIR,
    Aggregator.RANK: Form.RANKING,
}


def of_response(response: Response, items: Sequence[Item]) -> Iterator[str]:
    rated = any(item.form is Form.RATING for item in items)
    if rated and len(response.options) < 2:
        yield "response.options: rated items need at least two: name value and label of each"
    yield from _twice(
        "response.options", "value", [str(option.value) for option in response.options]
    )


def of_items(items: Sequence[Item], scales: Sequence[Scale]) -> Iterator[str]:
    yield from _twice("items", "key", [item.key for item in items])
    codes = {scale.code for scale in scales}
    for place, item in enumerate(items):
        yield from (
            f"items[{place}].choices: {code!r} is no scale: add the scale or correct the code"
            for code in item.choices
            if code not in codes
        )
        yield from _of_form(f"items[{place}].choices", item)


def _of_form(place: str, item: Item) -> Iterator[str]:
    count = len(set(item.choices))
    if count != len(item.choices):
        yield f"{place}: a choice stands there twice: leave one out"
    elif item.form is Form.PAIR and count != 2:
        yield f"{place}: a PAIR has exactly two choices, not {count}: name two scales"
    elif item.form is Form.RANKING and count < 2:
        yield f"{place}: a RANKING has at least two choices: name the scales to rank"
    elif item.form in (Form.RATING, Form.TEXT) and count:
        yield f"{place}: a {item.form} has no choices: leave them out or make it a PAIR or RANKING"


def of_scales(
    scales: Sequence[Scale], items: Sequence[Item], derivation: Derivation | None
) -> Iterator[str]:
    yield from _twice("scales", "code", [scale.code for scale in scales])
    by_key = {item.key: item for item in items}
    codes = {scale.code for scale in scales}
    for place, scale in enumerate(scales):
        yield from _of_keys(f"scales[{place}]", scale, by_key)
        if scale.parent is not None and (scale.parent not in codes or scale.parent == scale.code):
            yield f"scales[{place}].parent: {scale.parent!r} is no other scale: correct the code"
        if items and not scale.items:
            yield f"scales[{place}].items: there are none: name the items that it is made of"
    for place, trait in enumerate(derivation.traits if derivation else ()):
        if trait.scale not in codes:
            yield f"derivation.traits[{place}].scale: {trait.scale!r} is no scale: add the scale"


def _of_keys(place: str, scale: Scale, by_key: dict[str, Item]) -> Iterator[str]:
    yield from _twice(f"{place}.items", "key", [keyed.key for keyed in scale.items])
    wanted = FORM_OF[scale.aggregator]
    for at, keyed in enumerate(scale.items):
        here = f"{place}.items[{at}]"
        item = by_key.get(keyed.key)
        if item is None:
            yield f"{here}.key: {keyed.key!r} is no item: add the item or correct the key"
        elif item.form is not wanted:
            yield f"{here}.key: {scale.aggregator} needs a {wanted} item, {keyed.key!r} is a {item.form}"
        elif item.choices and scale.code not in item.choices:
            yield f"{here}.key: {scale.code!r} is not among the choices of {keyed.key!r}"
        if keyed.reversed and wanted is not Form.RATING:
            yield f"{here}.reversed: only a RATING can be reversed: leave it out"


def of_norms(
    groups: Sequence[NormGroup], scales: Sequence[Scale], default: str | None
) -> Iterator[str]:
    yield from _twice("normGroups", "code", [group.code for group in groups])
    if default is not None and default not in {group.code for group in groups}:
        yield f"defaultNormGroup: {default!r} is no norm group: name one of normGroups"
    for place, group in enumerate(groups):
        named = [norm.scale for norm in group.norms]
        yield from _twice(f"normGroups[{place}].norms", "scale", named)
        yield from _unknown_scales(f"normGroups[{place}].norms", named, scales)


def of_reliability(reliability: Sequence[Reliability], scales: Sequence[Scale]) -> Iterator[str]:
    named = [each.scale for each in reliability]
    yield from _twice("reliability", "scale", named)
    yield from _unknown_scales("reliability", named, scales)


def of_promises(*, licence: Licence, kind: Kind, lock: PurposeLock, normed: bool) -> Iterator[str]:
    """`normed` is false where norms are given but not owned up to."""
    if licence.bundled and licence.external_only:
        yield "licence.bundled: what is external only cannot be bundled: say false"
    if kind in GUIDANCE_KINDS and lock is not PurposeLock.GUIDANCE_ONLY:
        yield f"purposeLock: {kind} serves the person's own guidance alone: say GUIDANCE_ONLY"
    if not normed:
        yield "normed: it has normGroups: say true"


def _unknown_scales(place: str, named: Iterable[str], scales: Sequence[Scale]) -> Iterator[str]:
    codes = {scale.code for scale in scales}
    for at, code in enumerate(named):
        if code not in codes:
            yield f"{place}[{at}].scale: {code!r} is no scale: add the scale or correct the code"


def _twice(place: str, name: str, values: Sequence[str]) -> Iterator[str]:
    for value, count in Counter(values).items():
        if count > 1:
            yield f"{place}: the {name} {value!r} stands there {count} times: give each its own"
