"""Which weights may be set, and how they are written down."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.profile.skills.estimation import WEIGHTS, Weights
from services.profile.skills.rules import AssertionSource

BUILT_IN_VERSION = 0
EDITABLE = tuple(source for source in AssertionSource if source is not AssertionSource.SELF)
"""One's own word never enters a level, so that its weight is nobody's to set."""


def written(weights: Weights) -> list[dict[str, Any]]:
    """As it is stored and told, in a fixed order."""
    return [{"source": source.value, "weight": weights[source]} for source in EDITABLE]


def read(rows: Iterable[Mapping[str, Any]]) -> Weights:
    """What was stored; a source that is younger than the version has its built-in weight."""
    return {**WEIGHTS, **{AssertionSource(row["source"]): float(row["weight"]) for row in rows}}
