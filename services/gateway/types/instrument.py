"""Instruments: what people are asked, and how well it measures."""

from enum import StrEnum

import strawberry

from services.gateway.types.fields import shown, told
from services.gateway.types.interpretation import InterpretationTexts
from services.gateway.types.relay import Node


@told(
    "What an instrument asks about.",
    PERSONALITY_TRAIT="Traits of personality, each more or less.",
    PERSONALITY_TYPE="Types of personality.",
    INTEREST="What one likes to do.",
    VALUES="What one wants of work.",
    WORK_PREFERENCE="How one likes to work.",
    SKILL_TEST="What one can do, tested.",
    SELF_COMPETENCY="What one can do, in one's own eyes.",
    REFLECTION="Questions to think about, never scored.",
    PULSE="How it goes.",
)
class InstrumentKind(StrEnum):
    PERSONALITY_TRAIT = "PERSONALITY_TRAIT"
    PERSONALITY_TYPE = "PERSONALITY_TYPE"
    INTEREST = "INTEREST"
    VALUES = "VALUES"
    WORK_PREFERENCE = "WORK_PREFERENCE"
    SKILL_TEST = "SKILL_TEST"
    SELF_COMPETENCY = "SELF_COMPETENCY"
    REFLECTION = "REFLECTION"
    PULSE = "PULSE"


@told(
    "What results may be used for.",
    GUIDANCE_ONLY="The person's own orientation: nobody else sees them but whom they let in.",
    ASSESSMENT="Showing a skill: the manager and HR see the score.",
)
class PurposeLock(StrEnum):
    GUIDANCE_ONLY = "GUIDANCE_ONLY"
    ASSESSMENT = "ASSESSMENT"


@told(
    "Where an instrument stands in its life.",
    DRAFT="Being made.",
    PUBLISHED="In use; it never changes any more.",
    DEPRECATED="Not begun any more.",
)
class InstrumentStatus(StrEnum):
    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    DEPRECATED = "DEPRECATED"


@told(
    "How an item is answered.",
    RATING="With the value of one of the instrument's options.",
    PAIR="With one of its two choices.",
    RANKING="With all of its choices, the dearest first.",
    TEXT="With free text.",
)
class ItemForm(StrEnum):
    RATING = "RATING"
    PAIR = "PAIR"
    RANKING = "RANKING"
    TEXT = "TEXT"


@strawberry.type(description="An option of every rated item.")
class InstrumentOption:
    value: int = shown("What an answer says.")
    label: str = shown("In words.")


@strawberry.type(description="One item.")
class InstrumentItem:
    key: str = shown("What an answer names.")
    text: str = shown("What is asked.")
    form: ItemForm = shown("How it is answered.")
    required: bool = shown("Whether it must have an answer.")
    choices: list[str] = shown("Codes of scales to choose from, where there are any.")


@strawberry.type(description="Something that an instrument measures.")
class InstrumentScale:
    code: str = shown("Its code.")
    name: str = shown("Its name.")
    description: str | None = shown("What it means.")
    parent: str | None = shown("The code of the scale that it is a facet of.")
    low: str | None = shown("The name of its lower pole.")
    high: str | None = shown("The name of its upper pole.")


@strawberry.type(description="Whom one can be compared with.")
class NormGroup:
    code: str = shown("Its code.")
    name: str = shown("Who they are.")
    n: int | None = shown("How many they were.")
    source: str = shown("Where their figures come from.")


@strawberry.type(description="How reliable a scale is.")
class ScaleReliability:
    scale: str = shown("The scale's code.")
    alpha: float | None = shown("Cronbach's alpha.")
    omega: float | None = shown("McDonald's omega.")
    sessions: int | None = shown("From how many sessions here; null where it was published.")
    source: str = shown("Where it comes from.")


@strawberry.type(description="Questions with scales to score them by, in one version and language.")
class Instrument(Node):
    code: str = shown("Short name.")
    version: str = shown("Its version.")
    locale: str = shown("Its language.")
    name: str = shown("Its name.")
    kind: InstrumentKind = shown("What it asks about.")
    purpose_lock: PurposeLock = shown("What its results may be used for.")
    status: InstrumentStatus = shown("Where it stands in its life.")
    built_in: bool = shown("Whether it comes with the system.")
    description: str | None = shown("What it is.")
    instructions: str | None = shown("What to tell who takes it.")
    notice: str = shown("What must be shown wherever it is taken.")
    licence: str = shown("Under which licence it may be used.")
    external_only: bool = shown("Taken at its publisher; here only the report is recorded.")
    source: str = shown("Where it comes from.")
    normed: bool = shown("Whether scores can be compared with others'.")
    normed_note: str = shown("With whose, or why not.")
    cool_down_days: int = shown("How many days must pass before it is taken again.")
    expires_days: int | None = shown("Within how many days of its start it must be handed in.")
    valid_days: int | None = shown("For how many days a result holds; null is without an end.")
    options: list[InstrumentOption] = shown("The options of rated items, least first.")
    items: list[InstrumentItem] = shown("The items in their order.")
    scales: list[InstrumentScale] = shown("What it measures.")
    norm_groups: list[NormGroup] = shown("Whom one can be compared with.")
    reliability: list[ScaleReliability] = shown(
        "How reliable its scales are; what is not listed is not yet known."
    )
    interpretations: list[InterpretationTexts] = shown(
        "What is said of its scores; those that were brought come first, the last before others."
    )
