"""What an instrument consists of; immutable, and camelCase on the wire."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
Text = Annotated[str, Field(min_length=1, max_length=4000, pattern=r"^[^\x00]+$")]
Points = Annotated[float, Field(ge=-1e6, le=1e6)]
"""What is summed and compared: with a bound, so that neither NaN nor infinity comes in or comes out."""
LEAST_DEVIATION = 1e-3
Deviation = Annotated[float, Field(ge=LEAST_DEVIATION, le=1e6)]
MOST_ITEMS = 1000
MOST_SCALES = 200
MOST_CHOICES = 50


class Kind(StrEnum):
    """What it asks about."""

    PERSONALITY_TRAIT = "PERSONALITY_TRAIT"
    PERSONALITY_TYPE = "PERSONALITY_TYPE"
    INTEREST = "INTEREST"
    VALUES = "VALUES"
    WORK_PREFERENCE = "WORK_PREFERENCE"
    SKILL_TEST = "SKILL_TEST"
    SELF_COMPETENCY = "SELF_COMPETENCY"
    REFLECTION = "REFLECTION"
    PULSE = "PULSE"


class PurposeLock(StrEnum):
    """GUIDANCE_ONLY: for the person's own orientation, never for a decision about them."""

    GUIDANCE_ONLY = "GUIDANCE_ONLY"
    ASSESSMENT = "ASSESSMENT"


class Form(StrEnum):
    """How an item is answered.

    RATING: the value of one of the instrument's options. PAIR: the chosen one of the item's two `choices`.
    RANKING: all of its `choices`, the dearest first. TEXT: free text, never scored.
    """

    RATING = "RATING"
    PAIR = "PAIR"
    RANKING = "RANKING"
    TEXT = "TEXT"


class Aggregator(StrEnum):
    """How a scale's raw score comes about.

    SUM, MEAN: of the options' scores, reversed where the key says so. WINS: how many of its pairs were decided for
    the scale. RANK: how many choices stand below the scale in the ranking.
    """

    SUM = "SUM"
    MEAN = "MEAN"
    WINS = "WINS"
    RANK = "RANK"

    @property
    def rates(self) -> bool:
        return self in (Aggregator.SUM, Aggregator.MEAN)

    @property
    def averages(self) -> bool:
        return self is Aggregator.MEAN


GUIDANCE_KINDS = frozenset(
    {
        Kind.PERSONALITY_TRAIT,
        Kind.PERSONALITY_TYPE,
        Kind.INTEREST,
        Kind.VALUES,
        Kind.WORK_PREFERENCE,
        Kind.REFLECTION,
    }
)
"""Personality, interests, values and reflections never serve a decision: their purpose is locked to guidance."""


class Part(BaseModel):
    """Immutable, strict, camelCase on the wire."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="forbid",
        frozen=True,
        str_strip_whitespace=True,
    )


class Licence(Part):
    """`bundled`: its items come with the system. `external_only`: it is taken at its publisher, here recorded only."""

    spdx_or_text: Text
    bundled: bool
    external_only: bool = False
    notice: Text


class Option(Part):
    """`value` is what an answer says; `score` is what it counts, the value itself unless given."""

    value: Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
    label: Text
    score: Points | None = None

    @property
    def counts(self) -> float:
        return float(self.value) if self.score is None else self.score


class Response(Part):
    """The options of all RATING items, from the least to the most."""

    options: tuple[Option, ...] = Field(default=(), max_length=200)


class Item(Part):
    """`choices` are codes of scales, two for a PAIR and all that are to be ranked for a RANKING."""

    key: Code
    text: Text
    form: Form = Form.RATING
    required: bool = True
    choices: tuple[Code, ...] = Field(default=(), max_length=MOST_CHOICES)


class KeyedItem(Part):
    """`reversed`: the more one agrees, the less of the scale it says."""

    key: Code
    reversed: bool = False


class Scale(Part):
    """`parent` names the scale that this one is a facet of; `low` and `high` name the poles where both are names."""

    code: Code
    name: Text
    description: Text | None = None
    parent: Code | None = None
    low: Text | None = None
    high: Text | None = None
    items: tuple[KeyedItem, ...] = Field(default=(), max_length=MOST_ITEMS)
    aggregator: Aggregator = Aggregator.SUM


class Norm(Part):
    """Mean and standard deviation of raw scores."""

    scale: Code
    mean: Points
    sd: Deviation


class NormGroup(Part):
    """Whom one is compared with; `n` is null where the source gives none for the group."""

    code: Code
    name: Text
    n: int | None = Field(default=None, gt=1, le=10**9)
    source: Text
    norms: tuple[Norm, ...]


class Reliability(Part):
    """A published coefficient alpha of one scale; `sd`, raw, where the source gives it with alpha."""

    scale: Code
    alpha: float = Field(ge=0, lt=1)
    sd: Deviation | None = None
    n: int | None = Field(default=None, gt=1, le=10**9)
    source: Text


class Trait(Part):
    """One derived scale: which scale of the other instrument it continues, and which way round."""

    scale: Code
    trait: Code
    reversed: bool = False


class Derivation(Part):
    """An instrument without items: its scales are read off another's standard scores."""

    instrument: Code
    traits: tuple[Trait, ...] = Field(min_length=1)
    band: float = Field(default=5.0, ge=0, le=20)
    """Within so many T points of 50 there is no clear preference."""
