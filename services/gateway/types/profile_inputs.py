"""What mutations of experience, baselines and the journal take; what several of them take is a class of its own."""

from datetime import date

import strawberry

from services.gateway.types.experience import ExperienceType, ExperienceVisibility
from services.gateway.types.goal import Horizon
from services.gateway.types.inputs import ID, VERSION, needed, optional
from services.gateway.types.journal import (
    InsightEvidenceType,
    NoteKind,
    SkillStanding,
    TalentOrigin,
)

RECORD = "Which record."


@strawberry.input(description="A skill that was used.")
class SkillUsedInput:
    skill_id: ID = needed("Which skill.")
    level: float | None = optional("How well, from 0 to 5.")


@strawberry.input(description="A person.")
class _Own:
    person_id: ID = needed("Whose; one's own.")


@strawberry.input(description="What may be said of something that one has done.")
class _ExperienceFacts(_Own):
    organisation: str | None = optional("Where.")
    hours_per_week: float | None = optional("How many hours a week.")
    responsibilities: list[str] | None = optional("What one had to do.")
    team_size_led: int | None = optional("How many people one led.")
    budget_amount: float | None = optional("How much money one answered for.")
    budget_currency: str | None = optional("In which currency (ISO 4217).")
    achievements: list[str] | None = optional("What came of it.")
    skills: list[SkillUsedInput] | None = optional("The skills that one used.")


@strawberry.input(description="Something that one has done.")
class RecordExperienceInput(_ExperienceFacts):
    type: ExperienceType = needed("What kind of experience it is.")
    title: str = needed("What one was.")
    started_on: date = needed("The first day.")
    ended_on: date | None = optional("The last day; left out while it goes on.")
    visibility: ExperienceVisibility | None = optional(
        "Who else may see it; managers and HR if not given, nobody if it is life."
    )


@strawberry.input(description="What to change of a record; what is not given stays.")
class UpdateExperienceInput(_ExperienceFacts):
    record_id: ID = needed(RECORD)
    expected_version: int = needed(VERSION)
    type: ExperienceType | None = optional("What kind of experience it is.")
    title: str | None = optional("What one was.")
    started_on: date | None = optional("The first day.")
    ended_on: date | None = optional("The last day; null while it goes on.")
    visibility: ExperienceVisibility | None = optional("Who else may see it.")


@strawberry.input(description="Which record to take back.")
class WithdrawExperienceInput(_Own):
    record_id: ID = needed(RECORD)
    expected_version: int = needed(VERSION)
    reason: str | None = optional("Why.")


@strawberry.input(description="A person of whom one may judge.")
class _OfReport:
    person_id: ID = needed("Whose; a direct report, or somebody in one's units.")


@strawberry.input(description="Which record to stand for.")
class VerifyExperienceInput(_OfReport):
    record_id: ID = needed(RECORD)
    expected_version: int = needed(VERSION)
    skills: list[SkillUsedInput] | None = optional(
        "How well skills of the record were used, in place of what the person says."
    )
    note: str | None = optional("In words.")


@strawberry.input(description="Which record not to stand for, and why.")
class ObjectToExperienceInput(_OfReport):
    record_id: ID = needed(RECORD)
    expected_version: int = needed(VERSION)
    reason: str = needed("Why.")


@strawberry.input(description="Something that one has earned.")
class DeclareCredentialInput(_Own):
    type: str = needed("CERTIFICATION, DEGREE, LICENCE, BADGE or OTHER.")
    name: str = needed("What it is called.")
    issuer: str | None = optional("Who issued it.")
    issued_on: date | None = optional("When it was issued.")
    expires_on: date | None = optional("The day it runs out.")
    credential_url: str | None = optional("Where it can be checked.")
    skills: list[SkillUsedInput] | None = optional("The skills that it shows.")


@strawberry.input(description="Which credential to stand for.")
class VerifyCredentialInput(_OfReport):
    credential_id: ID = needed("Which credential.")
    skills: list[SkillUsedInput] | None = optional(
        "How well it shows skills, in place of what the person says."
    )


@strawberry.input(description="Which credential not to stand for, and why.")
class ObjectToCredentialInput:
    person_id: ID = needed("Whose; a direct report, or somebody in one's units.")
    credential_id: ID = needed("Which credential.")
    reason: str = needed("Why; the person reads it.")


@strawberry.input(description="Which credential to take back.")
class WithdrawCredentialInput:
    person_id: ID = needed("Whose; one's own.")
    credential_id: ID = needed("Which credential; one that no other system told of.")


@strawberry.input(description="Whose skills to keep as they are known today.")
class CaptureBaselineInput(_Own):
    cycle: str | None = optional("The cycle that it begins; each has one baseline.")


@strawberry.input(description="An answer to a prompt, or a free entry.")
class WriteReflectionInput:
    prompt_code: str | None = optional("Which prompt; left out for a free entry.")
    text: str = needed("The answer.")
    mood: int | None = optional("From 1, low, to 5.")


@strawberry.input(description="What to change of a reflection; what is not given stays.")
class UpdateReflectionInput:
    reflection_id: ID = needed("Which reflection.")
    expected_version: int = needed(VERSION)
    text: str | None = optional("The answer.")
    mood: int | None = optional("From 1, low, to 5.")


@strawberry.input(description="Which reflection to remove for good.")
class RemoveReflectionInput:
    reflection_id: ID = needed("Which reflection.")


@strawberry.input(description="What may be said of a note.")
class _NoteFacts:
    origin: TalentOrigin | None = optional("Of a talent, where it comes from.")
    importance: int | None = optional("From 1 to 5.")
    skill_id: ID | None = optional("The skill that it is about.")


@strawberry.input(description="Something that one notes of oneself.")
class WriteJournalNoteInput(_NoteFacts):
    kind: NoteKind = needed("What it is.")
    text: str = needed("In words.")


@strawberry.input(description="What to change of a note; what is not given stays.")
class UpdateJournalNoteInput(_NoteFacts):
    note_id: ID = needed("Which note.")
    expected_version: int = needed(VERSION)
    text: str | None = optional("In words.")


@strawberry.input(description="Which note to remove for good.")
class RemoveJournalNoteInput:
    note_id: ID = needed("Which note.")


@strawberry.input(description="Where one wants to be: a role, or a field in words.")
class SetAspirationInput:
    role_id: ID | None = optional("The role; this or a field.")
    field_text: str | None = optional("The field; this or a role.")
    horizon: Horizon = needed("How far away it is.")
    desire_strength: int = needed("How much one wants it, from 1 to 5.")
    confidence: float | None = optional("How sure one is to get there, from 0 to 1.")
    opt_in_to_matching: bool | None = strawberry.field(
        default=False, description="Whether to be matched with it; only then others learn of it."
    )


@strawberry.input(description="What to change of an aspiration; what is not given stays.")
class UpdateAspirationInput:
    aspiration_id: ID = needed("Which aspiration.")
    expected_version: int = needed(VERSION)
    horizon: Horizon | None = optional("How far away it is.")
    desire_strength: int | None = optional("How much one wants it, from 1 to 5.")
    confidence: float | None = optional("How sure one is to get there, from 0 to 1.")
    opt_in_to_matching: bool | None = optional(
        "Whether to be matched with it; taken back, those who were told forget it."
    )


@strawberry.input(description="Which aspiration to take back.")
class WithdrawAspirationInput:
    aspiration_id: ID = needed("Which aspiration.")


@strawberry.input(description="What a skill is to oneself, whatever the evidence says.")
class SayStrengthInput:
    skill_id: ID = needed("Which skill.")
    standing: SkillStanding = needed("What it is.")
    text: str | None = optional("A word on it.")


@strawberry.input(description="Of which skill to take one's own view back.")
class UnsayStrengthInput:
    skill_id: ID = needed("Which skill.")


@strawberry.input(description="Something of one's own that an insight rests on.")
class InsightEvidenceInput:
    type: InsightEvidenceType = needed("What it is.")
    object_id: ID = needed("Which one.")


@strawberry.input(description="Something that one has understood.")
class WriteInsightInput:
    text: str = needed("In words.")
    skill_id: ID | None = optional("The skill that it is about.")
    evidence: list[InsightEvidenceInput] | None = optional("What it rests on.")


@strawberry.input(description="Which insight to remove for good.")
class RemoveInsightInput:
    insight_id: ID = needed("Which insight.")
