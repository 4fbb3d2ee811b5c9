"""A journal: what people write for themselves. Nobody else is shown any of it."""

from datetime import datetime
from enum import StrEnum

import strawberry

from services.gateway.types.fields import shown, told
from services.gateway.types.goal import Horizon
from services.gateway.types.relay import Node
from services.gateway.types.role import Role
from services.gateway.types.skill import Skill


@told(
    "What somebody notes of themself.",
    LIKE="What they like.",
    DISLIKE="What they do not like.",
    TALENT="What they are good at.",
    NEED="What they need.",
    MOTIVATOR="What drives them.",
    STRENGTH="A strength.",
    DEVELOPMENT_AREA="What they want to become better at.",
)
class NoteKind(StrEnum):
    LIKE = "LIKE"
    DISLIKE = "DISLIKE"
    TALENT = "TALENT"
    NEED = "NEED"
    MOTIVATOR = "MOTIVATOR"
    STRENGTH = "STRENGTH"
    DEVELOPMENT_AREA = "DEVELOPMENT_AREA"


@told(
    "Where a talent comes from.",
    NATURAL="It came by itself.",
    HONED="It came by practice.",
)
class TalentOrigin(StrEnum):
    NATURAL = "NATURAL"
    HONED = "HONED"


@told(
    "What a skill is to somebody, compared with what else they can do.",
    STRENGTH="A strength.",
    DEVELOPMENT_AREA="Something to become better at.",
    NEITHER="Neither.",
)
class SkillStanding(StrEnum):
    STRENGTH = "STRENGTH"
    DEVELOPMENT_AREA = "DEVELOPMENT_AREA"
    NEITHER = "NEITHER"


@told(
    "What an insight rests on.",
    ASSERTION="A word on a skill.",
    EXPERIENCE="Something done.",
    CREDENTIAL="Something earned.",
    REFLECTION="A reflection.",
)
class InsightEvidenceType(StrEnum):
    ASSERTION = "ASSERTION"
    EXPERIENCE = "EXPERIENCE"
    CREDENTIAL = "CREDENTIAL"
    REFLECTION = "REFLECTION"


@strawberry.type(description="A question to think about, as often as one likes.")
class ReflectionPrompt:
    code: str = shown("For `promptCode`.")
    version: int = shown("The edition of its wording.")
    question: str = shown("The question.")


@strawberry.type(description="An answer to a prompt, or a free entry.")
class Reflection(Node):
    prompt_code: str | None = shown("Which prompt; null for a free entry.")
    prompt_version: int | None = shown("In which wording it was answered.")
    text: str | None = shown("The answer.")
    mood: int | None = shown("From 1, low, to 5.")
    written_at: datetime = shown("When it was written.")
    updated_at: datetime = shown("When it was changed last.")
    version: int = shown("For `expectedVersion`, so that no change is lost.")


@strawberry.type(description="Something that somebody notes of themself.")
class JournalNote(Node):
    kind: NoteKind = shown("What it is.")
    text: str | None = shown("In their words.")
    origin: TalentOrigin | None = shown("Of a talent, where it comes from.")
    importance: int | None = shown("From 1 to 5.")
    skill: Skill | None = shown("The skill that it is about.")
    written_at: datetime = shown("When it was written.")
    version: int = shown("For `expectedVersion`, so that no change is lost.")


@strawberry.type(
    description="Where somebody wants to be. Others learn of it only while its person has opted in to matching."
)
class Aspiration(Node):
    role: Role | None = shown("The role that they want.")
    field_text: str | None = shown("The field that they want, in their words.")
    horizon: Horizon = shown("How far away it is.")
    desire_strength: int = shown("How much they want it, from 1 to 5.")
    confidence: float | None = shown("How sure they are to get there, from 0 to 1.")
    opt_in_to_matching: bool = shown("Whether they let themselves be matched with it.")
    declared_at: datetime = shown("When it was written.")
    version: int = shown("For `expectedVersion`, so that no change is lost.")


@strawberry.type(
    description="A skill that stands out from somebody's own mean, or that they say something of."
)
class Strength:
    skill: Skill | None = shown("Which skill.")
    standing: SkillStanding = shown("The own view where there is one, else what was derived.")
    derived: SkillStanding | None = shown("What follows from the evidence.")
    own_view: SkillStanding | None = shown("What the person says.")
    text: str | None = shown("Their word on it.")
    level: float | None = shown("The estimate, from 0 to 5.")
    interval_low: float | None = shown("Lower end of the 90 % interval.")
    interval_high: float | None = shown("Upper end of the 90 % interval.")
    own_mean: float | None = shown("The mean of all their assessed skills, by confidence.")
    skill_count: int | None = shown("How many assessed skills the mean is of.")
    explanation: str | None = shown("Why it was derived, in a sentence.")


@strawberry.type(description="Something of one's own that an insight rests on.")
class InsightEvidence:
    type: InsightEvidenceType = shown("What it is.")
    object_id: strawberry.ID = shown("Which one, for `node`.")


@strawberry.type(description="Something that somebody has understood of themself.")
class Insight(Node):
    text: str | None = shown("In their words.")
    skill: Skill | None = shown("The skill that it is about.")
    evidence: list[InsightEvidence] = shown("What it rests on.")
    written_at: datetime = shown("When it was written.")
