"""Skills: what can be mastered, how well somebody does, and how that is known."""

from datetime import date, datetime
from enum import StrEnum

import strawberry

from services.gateway.types.fields import limited, shown, told
from services.gateway.types.lazy import LazyPerson
from services.gateway.types.relay import Node


@told(
    "What kind of skill it is.",
    TECHNICAL="A craft or technology.",
    BEHAVIOURAL="How somebody works with others.",
    LEADERSHIP="Leading people or work.",
    KNOWLEDGE="Knowing a field.",
    LANGUAGE="A language.",
    NETWORKING="Building and keeping connections.",
    EXPERIENCE="Having done it.",
)
class SkillType(StrEnum):
    TECHNICAL = "TECHNICAL"
    BEHAVIOURAL = "BEHAVIOURAL"
    LEADERSHIP = "LEADERSHIP"
    KNOWLEDGE = "KNOWLEDGE"
    LANGUAGE = "LANGUAGE"
    NETWORKING = "NETWORKING"
    EXPERIENCE = "EXPERIENCE"


@told(
    "Where a framework stands in its life.",
    DRAFT="Being written.",
    PUBLISHED="In use.",
    DEPRECATED="Kept for what refers to it.",
)
class FrameworkStatus(StrEnum):
    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    DEPRECATED = "DEPRECATED"


@told(
    "Who or what says how well somebody masters a skill.",
    SELF="The person.",
    PEER="A colleague.",
    MANAGER="The manager.",
    REPORT_360="A group of a 360.",
    ASSESSMENT="A test.",
    COURSE="A completed course.",
    CERTIFICATION="A certificate.",
    PROJECT="A verified project.",
    INFERRED="Derived from something else.",
    IMPORT="Another system.",
)
class AssertionSource(StrEnum):
    SELF = "SELF"
    PEER = "PEER"
    MANAGER = "MANAGER"
    REPORT_360 = "REPORT_360"
    ASSESSMENT = "ASSESSMENT"
    COURSE = "COURSE"
    CERTIFICATION = "CERTIFICATION"
    PROJECT = "PROJECT"
    INFERRED = "INFERRED"
    IMPORT = "IMPORT"


@told(
    "Where an assertion stands.",
    DECLARED="Said.",
    PENDING_REVIEW="Waiting for somebody else's word.",
    CONFIRMED="Confirmed by somebody else.",
    REJECTED="Not agreed to.",
    SUPERSEDED="Replaced by a newer one of the same source.",
    EXPIRED="No longer valid.",
    RETRACTED="Taken back by its author.",
)
class AssertionState(StrEnum):
    DECLARED = "DECLARED"
    PENDING_REVIEW = "PENDING_REVIEW"
    CONFIRMED = "CONFIRMED"
    REJECTED = "REJECTED"
    SUPERSEDED = "SUPERSEDED"
    EXPIRED = "EXPIRED"
    RETRACTED = "RETRACTED"


@told(
    "Whether evidence speaks for or against.",
    POSITIVE="For the level.",
    NEGATIVE="Against it, e.g. a failed test.",
)
class Polarity(StrEnum):
    POSITIVE = "POSITIVE"
    NEGATIVE = "NEGATIVE"


@told(
    "How evidence becomes a level.",
    EVIDENCE_WEIGHTED="All of it, by weight and age.",
    BEST="The highest level.",
    LATEST="The newest word.",
)
class EstimateRule(StrEnum):
    EVIDENCE_WEIGHTED = "EVIDENCE_WEIGHTED"
    BEST = "BEST"
    LATEST = "LATEST"


@told(
    "How the levels of the skills below one become its level.",
    MEAN="Their mean.",
    MIN="The lowest.",
    WEIGHTED="Their mean by weight.",
)
class RollUp(StrEnum):
    MEAN = "MEAN"
    MIN = "MIN"
    WEIGHTED = "WEIGHTED"


@told(
    "How somebody's own word stands to the evidence.",
    BLIND_SPOT="Above the interval, and at least half a level above the level.",
    HIDDEN_STRENGTH="Below the interval, and at least half a level below the level.",
    AGREES="Neither.",
    UNKNOWN="One of the two is missing.",
)
class SkillContrast(StrEnum):
    BLIND_SPOT = "BLIND_SPOT"
    HIDDEN_STRENGTH = "HIDDEN_STRENGTH"
    AGREES = "AGREES"
    UNKNOWN = "UNKNOWN"


@told(
    "What one skill is to another one.",
    IS_CHILD_OF="Below it.",
    IS_PEER_OF="Beside it.",
    IS_PART_OF="A part of it.",
    EXACT_MATCH_OF="The same.",
    PRECEDES="Comes before it.",
    IS_RELATED_TO="Related.",
    REPLACED_BY="Replaced by it.",
    HAS_SKILL_LEVEL="Has it as a level.",
)
class SkillAssociationType(StrEnum):
    IS_CHILD_OF = "IS_CHILD_OF"
    IS_PEER_OF = "IS_PEER_OF"
    IS_PART_OF = "IS_PART_OF"
    EXACT_MATCH_OF = "EXACT_MATCH_OF"
    PRECEDES = "PRECEDES"
    IS_RELATED_TO = "IS_RELATED_TO"
    REPLACED_BY = "REPLACED_BY"
    HAS_SKILL_LEVEL = "HAS_SKILL_LEVEL"


@strawberry.type(description="One step of a proficiency scale.")
class ProficiencyLevel:
    ordinal: int = shown("Its place on the scale, from 1.")
    label: str = shown("Its name.")
    description: str | None = shown("What it looks like.")
    value: float = shown("The same on the common scale from 0 to 5.")


@strawberry.type(description="A catalogue of skills with a scale for mastering them.")
class SkillFramework(Node):
    key: str = shown("Short name, unique here.")
    title: str = shown("Its title.")
    creator: str | None = shown("Who made it.")
    source: str = shown("Where it comes from: LOCAL, CASE, ESCO or ONET.")
    licence: str | None = shown(
        "Under which licence it may be used, with the attribution it asks for."
    )
    version: str = shown("Its publisher's version.")
    status: FrameworkStatus = shown("Where it stands in its life.")
    rule: EstimateRule = shown("How evidence becomes a level.")
    roll_up: RollUp = shown("How levels rise through its tree.")
    levels: list[ProficiencyLevel] = shown("The steps of its scale.")


@strawberry.type(description="Where else a skill is known.")
class SkillAlignment:
    uri: str = shown("The skill there.")
    type: str = shown("How the two relate, e.g. exactMatch.")


@strawberry.type(description="Something that can be mastered.")
class Skill(Node):
    code: str = shown("Its code in its framework.")
    statement: str = shown("Its name.")
    description: str | None = shown("What it means.")
    type: SkillType = shown("What kind of skill it is.")
    half_life_months: float | None = shown("After how many months evidence weighs half.")
    framework: SkillFramework | None = shown("The catalogue that it belongs to.")
    parent: "Skill | None" = shown("The skill above it in the tree.")
    children: list["Skill"] = limited("The skills below it in the tree.", first=100)
    weight: float = shown("How much it counts in the skill above it, where weights count.")
    alignments: list[SkillAlignment] = shown("Where else it is known.")
    associations: list["SkillAssociation"] = limited("What it is to other skills.")
    associated_from: list["SkillAssociation"] = limited("What other skills are to it.")


@strawberry.type(description="What one skill is to another one, of its own framework or not.")
class SkillAssociation(Node):
    type: SkillAssociationType = shown("What the origin is to the destination.")
    origin: Skill | None = shown("From which skill.")
    destination: Skill | None = shown("To which skill.")
    confidence: float | None = shown("How sure that is, from 0 to 1.")


@strawberry.type(
    description="What one assertion adds to an estimate; the estimate recomputes from these."
)
class Contribution:
    assertion_id: str = shown("Which assertion.")
    source: AssertionSource = shown("Who or what said it.")
    level: float = shown("What it said, from 0 to 5.")
    weight: float = shown("How much its source counts.")
    decay: float = shown("What age has left of it, from 0 to 1.")
    occurred_on: date = shown("When it was seen.")
    shift: float | None = shown(
        "The level minus the level without it; null when nothing would be left."
    )
    level_without: float | None = shown("The level without it.")
    instead_id: str | None = shown(
        "The assertion that would take its place, under BEST and LATEST."
    )


@strawberry.type(description="How well somebody masters a skill, as far as the evidence says.")
class SkillLevel(Node):
    skill: Skill | None = shown("Which skill.")
    level: float | None = shown("The estimate without the person's own word, from 0 to 5.")
    self_level: float | None = shown("What the person says, kept apart.")
    interval_low: float | None = shown("Lower end of the 90 % interval.")
    interval_high: float | None = shown("Upper end of the 90 % interval.")
    confidence: float | None = shown("How much evidence there is, from 0 to 1.")
    mass: float | None = shown("The weight of the evidence: weight times decay, added up.")
    variance: float | None = shown("The spread of the evidence, never below 0.25.")
    half_life_months: int | None = shown("After how many months evidence weighs half.")
    rule: EstimateRule | None = shown("How evidence becomes a level.")
    weights_version: int | None = shown("Which version of the sources' weights it is made with.")
    contrast: SkillContrast | None = shown(
        "How the person's own word stands to the level; null where that word is not yours to see."
    )
    as_of: date | None = shown("The day that decay was reckoned for.")
    contributions: list[Contribution] = shown("Everything that the estimate is made of.")


@strawberry.type(description="A skill with evidence that counts in one above it.")
class SkillGroupPart:
    skill: Skill | None = shown("Which skill.")
    share: float = shown("Its share in the level, from 0 to 1.")
    level: float = shown("Its level, from 0 to 5.")
    half: float = shown("Half the width of its 90 % interval, before it is cut to 0 to 5.")


@strawberry.type(
    description="What the skills below one say of it today; all of it recomputes from the parts."
)
class SkillGroup:
    skill: Skill | None = shown("Which skill.")
    roll_up: RollUp = shown("By which rule.")
    level: float = shown("The level by the skills below it, from 0 to 5.")
    interval_low: float = shown("Lower end of the 90 % interval.")
    interval_high: float = shown("Upper end of the 90 % interval.")
    unassessed_share: float = shown("The share of what lies below that nobody has assessed.")
    as_of: date = shown("Today.")
    parts: list[SkillGroupPart] = shown("The skills with evidence that it is made of.")


@strawberry.type(description="What speaks for an assertion.")
class Evidence:
    kind: str = shown(
        "URL, FILE_REF, COURSE_COMPLETION, ASSESSMENT_RESULT, CREDENTIAL, FEEDBACK_REPORT, WORK_SAMPLE or TESTIMONY."
    )
    title: str | None = shown("Its title.")
    uri: str | None = shown("Where it is.")


@strawberry.type(
    description="Somebody's word, or a test's, about a person's skill. Never changed, only followed."
)
class SkillAssertion(Node):
    person: LazyPerson | None = shown("Whose skill.")
    skill: Skill | None = shown("Which skill.")
    level: float = shown("How well, from 0 to 5.")
    source: AssertionSource = shown("Who or what says it.")
    state: AssertionState = shown("Where it stands.")
    polarity: Polarity = shown("For or against.")
    occurred_on: date = shown("When it was seen.")
    expires_on: date | None = shown("Until when it holds.")
    recorded_at: datetime = shown("When it was written down.")
    evidence: list[Evidence] = shown("What speaks for it.")
