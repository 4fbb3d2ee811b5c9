"""What the mutations of assessments take; members bear the names of the services' own REST bodies."""

from datetime import date, datetime

import strawberry

from services.gateway.types.consent import ConsentRole
from services.gateway.types.inputs import ID, needed, optional
from services.gateway.types.instrument import InstrumentKind


@strawberry.input(description="What to take: one of these.")
class StartAssessmentInput:
    instrument_id: ID | None = optional("Something new of one's own.")
    assessment_id: ID | None = optional("What one was assigned, or has begun.")
    skill_ids: list[ID] | None = optional("The skills to rate oneself on, e.g. those of a role.")


@strawberry.input(description="Whom to ask for what.")
class AssignAssessmentInput:
    person_id: ID | None = optional("Whom; oneself if not given.")
    instrument_id: ID | None = optional("The instrument; this or skills.")
    skill_ids: list[ID] | None = optional("The skills to rate oneself on.")
    due_on: date | None = optional("The last day.")


@strawberry.input(
    description="An answer in the form of its item; with none the item is open again."
)
class AnswerInput:
    item: str = needed("The item's key.")
    value: int | None = optional("Of a RATING or a skill.")
    choice: str | None = optional("Of a PAIR.")
    ranking: list[str] | None = optional("Of a RANKING, the dearest first.")
    text: str | None = optional("Of a TEXT.")
    seconds: float | None = optional("How long it took.")


@strawberry.input(description="Some answers; those of other items stay.")
class SaveAnswersInput:
    assessment_id: ID = needed("Of which assessment.")
    answers: list[AnswerInput] = needed("The answers.")


@strawberry.input(description="What to hand in.")
class SubmitAssessmentInput:
    assessment_id: ID = needed("Which assessment.")
    norm_group: str | None = optional("Whom to be compared with, if not everyone.")


@strawberry.input(description="Which assessment.")
class AssessmentStepInput:
    assessment_id: ID = needed("Which assessment.")


@strawberry.input(description="A line of another publisher's report.")
class FigureInput:
    label: str = needed("What it is about.")
    value: float | None = optional("As a number.")
    text: str | None = optional("In words.")


@strawberry.input(description="What another publisher's report says of oneself.")
class RecordExternalResultInput:
    instrument_id: ID | None = optional(
        "An external instrument; this, or name, publisher and kind."
    )
    name: str | None = optional("What was taken.")
    publisher: str | None = optional("Whose report it is.")
    kind: InstrumentKind | None = optional("What it is about.")
    taken_on: date = needed("When it was taken.")
    type_code: str | None = optional("The type that it names.")
    figures: list[FigureInput] | None = optional("Its lines.")
    note: str | None = optional("In one's own words.")


@strawberry.input(description="Which result to remove for good.")
class RemoveResultInput:
    result_id: ID = needed("Which result; one's own.")


@strawberry.input(description="Whom to show a result.")
class ShareResultInput:
    result_id: ID = needed("Which result; one's own.")
    grantee_id: ID = needed("A counsellor or mentor who does not lead you.")
    role: ConsentRole = needed("COUNSELLOR or MENTOR.")
    until: datetime = needed("Until when, with its zone.")
    purpose: str = needed("What for.")
