"""Assessments: taking an instrument, and the results, which are the person's own."""

from datetime import date, datetime
from enum import StrEnum

import strawberry

from services.gateway.types.fields import limited, shown, told
from services.gateway.types.instrument import Instrument, InstrumentKind, NormGroup, PurposeLock
from services.gateway.types.interpretation import Interpretation, ResultInterpretation
from services.gateway.types.lazy import LazyPerson
from services.gateway.types.relay import Node
from services.gateway.types.role import Role
from services.gateway.types.skill import Skill


@told(
    "How far an assessment is.",
    ASSIGNED="Asked for.",
    IN_PROGRESS="Begun.",
    SUBMITTED="Handed in.",
    SCORED="Scored.",
    INTERPRETED="Scored, and put into words.",
    EXPIRED="Not handed in by its last day.",
    CANCELLED="Called off.",
)
class AssessmentState(StrEnum):
    ASSIGNED = "ASSIGNED"
    IN_PROGRESS = "IN_PROGRESS"
    SUBMITTED = "SUBMITTED"
    SCORED = "SCORED"
    INTERPRETED = "INTERPRETED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"


@told(
    "Where a result comes from.",
    SCORED="Answers given here.",
    EXTERNAL="Another publisher's report, as the person copied it.",
)
class ResultOrigin(StrEnum):
    SCORED = "SCORED"
    EXTERNAL = "EXTERNAL"


@told(
    "Towards which pole a preference leans.",
    LOW="The lower one.",
    HIGH="The upper one.",
    NOT_CLEAR="Neither clearly.",
)
class Leaning(StrEnum):
    LOW = "LOW"
    HIGH = "HIGH"
    NOT_CLEAR = "NOT_CLEAR"


@strawberry.type(description="From where to where.")
class Interval:
    low: float = shown("The lower end.")
    high: float = shown("The upper end.")


@strawberry.type(description="What a scale came to.")
class ScaleScore:
    code: str = shown("The scale's code.")
    name: str = shown("Its name.")
    parent: str | None = shown("The code of the scale that it is a facet of.")
    low: str | None = shown("The name of its lower pole.")
    high: str | None = shown("The name of its upper pole.")
    items: int = shown("How many items it has.")
    answered: int = shown("How many were answered.")
    missing: int = shown("How many were not.")
    prorated: bool = shown("Whether the mean of the others stands for what is missing.")
    raw: float | None = shown("The raw score; null where too much is missing.")
    lowest: float = shown("The lowest that it can be.")
    highest: float = shown("The highest that it can be.")
    standard: float | None = shown("The T score: 50 is the middle, 10 a standard deviation.")
    percentile: float | None = shown("How many per cent of the norm group lie below.")
    sem: float | None = shown("The standard error of measurement, in raw points.")
    interval: Interval | None = shown("The 90 % interval of the raw score.")
    standard_interval: Interval | None = shown("The 90 % interval of the T score.")
    unscored: str | None = shown("Why it has no score.")


@strawberry.type(description="How one likes to work, between two poles; never one of two types.")
class Preference:
    code: str = shown("Its code.")
    name: str = shown("Its name.")
    low: str = shown("The lower pole.")
    high: str = shown("The upper pole.")
    standard: float = shown("Where one stands, as a T score.")
    percentile: float = shown("How many per cent of the norm group lie below.")
    interval: Interval | None = shown("The 90 % interval.")
    band_low: float = shown("From here no preference is clear …")
    band_high: float = shown("… to here.")
    leaning: Leaning = shown("Towards which pole.")
    pole: str | None = shown("The pole's name; null where none is clear.")


@strawberry.type(description="How well comparisons agree with each other.")
class ValuesConsistency:
    circular_triads: int = shown("How many threes go round in a circle.")
    most_possible: int = shown("How many could.")
    zeta: float = shown("Kendall's coefficient: 1 where none does, 0 where all do.")


@strawberry.type(description="What one wants of work, in order.")
class ValuesOrder:
    tiers: list[list[str]] = shown("Codes of scales, the dearest first; equal ones share a place.")
    consistency: ValuesConsistency | None = shown("How well the comparisons agree.")


@strawberry.type(description="A sign that items may have been answered without reading.")
class AnswerFlag:
    sign: str = shown("LONG_RUN, LITTLE_SPREAD or FAST.")
    figure: float = shown("What was found.")
    limit: float = shown("What it is held against.")
    sentence: str = shown("In words.")


@strawberry.type(description="A line of another publisher's report.")
class ReportedFigure:
    label: str = shown("What it is about.")
    value: float | None = shown("As a number.")
    text: str | None = shown("In words.")


@strawberry.type(
    description="What came of an assessment. For guidance, only the person sees it and whom they have let in."
)
class AssessmentResult(Node):
    person: LazyPerson | None = shown("Whose it is.")
    instrument: Instrument | None = shown("What was taken; null for an unknown publisher's.")
    kind: InstrumentKind = shown("What it is about.")
    purpose_lock: PurposeLock = shown("What it may be used for.")
    origin: ResultOrigin = shown("Where it comes from.")
    taken_on: date = shown("When it was taken.")
    valid_until: date | None = shown("The last day on which it holds; null is without an end.")
    outdated: bool = shown("Whether that day has passed.")
    retake_instrument: Instrument | None = shown(
        "What to take again; null while it holds, where a newer result does, and to everybody else."
    )
    retake_on: date | None = shown("The first day on which it can be taken again.")
    name: str | None = shown("What was taken, by name.")
    publisher: str | None = shown("Whose report it is, of another publisher.")
    type_code: str | None = shown("The code of interests, e.g. RI(AS), or the report's type.")
    normed: bool | None = shown("Whether it can be compared with others'.")
    normed_note: str | None = shown("With whose, or why not.")
    norm_group: NormGroup | None = shown("Whom it is compared with.")
    notice: str | None = shown("What must be shown with it.")
    note: str | None = shown("What the person added to another publisher's report.")
    scales: list[ScaleScore] | None = shown("What each scale came to.")
    preferences: list[Preference] | None = shown("Preferences read off traits.")
    values: ValuesOrder | None = shown("What one wants of work, in order.")
    flags: list[AnswerFlag] | None = shown("Signs of answering without reading; they only warn.")
    figures: list[ReportedFigure] | None = shown("The lines of another publisher's report.")
    interpretation: ResultInterpretation | None = shown("What it may mean, by its texts.")
    confidant_interpretations: list[Interpretation] = shown(
        "What counsellors and mentors say of it; to each of them only what they say themselves."
    )


@strawberry.type(description="An answer as it was given.")
class AssessmentAnswer:
    item: str = shown("The item's key.")
    value: int | None = shown("Of a RATING.")
    choice: str | None = shown("Of a PAIR.")
    ranking: list[str] | None = shown("Of a RANKING, the dearest first.")
    text: str | None = shown("Of a TEXT.")
    seconds: float | None = shown("How long it took.")


@strawberry.type(description="One step of a skill's scale.")
class SkillOption:
    ordinal: int = shown("What an answer says.")
    label: str = shown("Its name.")
    description: str | None = shown("What it looks like.")


@strawberry.type(
    description="A skill to rate oneself on, before anything tells how well a role wants it."
)
class SkillItem:
    key: str = shown("What an answer names.")
    text: str = shown("The skill.")
    description: str | None = shown("What it means.")
    options: list[SkillOption] = shown("The steps of its scale, lowest first.")
    skill: Skill | None = shown("The skill itself.")


@strawberry.type(
    description="Taking an instrument. HR sees of one that it assigned for guidance that it is done or not, no more."
)
class AssessmentSession(Node):
    person: LazyPerson | None = shown("Who takes it.")
    instrument: Instrument | None = shown("What is taken; null where skills are rated.")
    name: str = shown("What is taken, by name.")
    kind: InstrumentKind = shown("What it asks about.")
    purpose_lock: PurposeLock = shown("What its result may be used for.")
    state: AssessmentState = shown("How far it is.")
    attempt: int | None = shown("The how manieth time.")
    assigner: LazyPerson | None = shown("Who asked for it.")
    assigned_at: datetime = shown("Since when it is asked for.")
    due_on: date | None = shown("By when it was asked for.")
    last_on: date | None = shown("The last day to hand it in.")
    started_at: datetime | None = shown("When it was begun.")
    submitted_at: datetime | None = shown("When it was handed in.")
    interpreted_at: datetime | None = shown("When its results were last put into words.")
    answers: list[AssessmentAnswer] | None = shown("What is saved; one's own alone.")
    skill_items: list[SkillItem] = shown("The skills to rate, where skills are rated.")
    results: list[AssessmentResult] = shown("What came of it.")


@strawberry.type(description="What each area of interest adds to a congruence.")
class InterestContributions:
    realistic: float = shown("Working with things.")
    investigative: float = shown("Finding out.")
    artistic: float = shown("Making and expressing.")
    social: float = shown("Helping and teaching.")
    enterprising: float = shown("Leading and persuading.")
    conventional: float = shown("Keeping in order.")


@strawberry.type(description="An occupation whose interests run like one's own.")
class CompatibleOccupation:
    onet_soc_code: str = shown("The occupation in O*NET-SOC.")
    title: str = shown("Its title.")
    congruence: float = shown("How alike, from -1 to 1 (Pearson).")
    fit: str = shown("STRONG or GOOD beyond chance at 5 or 10 %, else WEAK.")
    interest_code: str = shown("The occupation's own strongest areas.")
    reason: str = shown("Why, in words.")
    contributions: InterestContributions = shown("What each area adds; together the congruence.")
    roles: list[Role] | None = limited(
        "The organisation's roles that name this very code; one of six digits is no match for one of eight."
    )


@strawberry.type(description="What each work value adds to a congruence.")
class ValueContributions:
    achievement: float = shown("Using one's abilities.")
    independence: float = shown("Deciding how one works.")
    recognition: float = shown("Getting ahead.")
    relationships: float = shown("Getting on with others.")
    support: float = shown("Being led well.")
    working_conditions: float = shown("Security, pay and surroundings.")


@strawberry.type(description="An occupation that offers what one wants of work in that order.")
class OccupationByValues:
    onet_soc_code: str = shown("The occupation in O*NET-SOC.")
    title: str = shown("Its title.")
    congruence: float = shown("How alike the orders are, from -1 to 1 (Spearman).")
    fit: str = shown("STRONG or GOOD beyond chance at 5 or 10 %, else WEAK.")
    reason: str = shown("Why, in words.")
    contributions: ValueContributions = shown("What each value adds; together the congruence.")
    roles: list[Role] | None = limited(
        "The organisation's roles that name this very code; one of six digits is no match for one of eight."
    )
