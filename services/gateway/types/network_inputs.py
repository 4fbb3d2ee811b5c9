"""What the mutations of networks take."""

from datetime import date

import strawberry

from services.gateway.types.inputs import VERSION, needed, optional
from services.gateway.types.network import ContactRelation, InteractionPurpose

ID = strawberry.ID


@strawberry.input(description="Somebody whom one knows: a colleague, or anybody else by name.")
class AddContactInput:
    contact_person_id: ID | None = optional("Which colleague; this or a name.")
    name: str | None = optional("Their name, if they do not work here.")
    organisation: str | None = optional("Where they work.")
    relation: ContactRelation | None = optional("What they are to one; OTHER if not given.")
    note: str | None = optional("What one wants to remember.")


@strawberry.input(description="What to change of a contact; what is not given stays.")
class UpdateContactInput:
    contact_id: ID = needed("Which contact.")
    expected_version: int = needed(VERSION)
    organisation: str | None = optional("Where they work.")
    relation: ContactRelation | None = optional("What they are to one.")
    note: str | None = optional("What one wants to remember.")


@strawberry.input(description="Which contact to remove for good, with the talks that one noted.")
class RemoveContactInput:
    contact_id: ID = needed("Which contact.")


@strawberry.input(description="A talk, held or planned.")
class RecordInteractionInput:
    contact_id: ID = needed("With whom.")
    purpose: InteractionPurpose = needed("What it is for.")
    held_on: date = needed("When it was, or will be.")
    summary: str | None = optional("What came of it.")
    questions: str | None = optional("What to ask; this makes an informational interview.")
    notes: str | None = optional("What was said.")
    follow_up_on: date | None = optional("When to follow up.")


@strawberry.input(description="What to change of a talk; what is not given stays.")
class UpdateInteractionInput:
    interaction_id: ID = needed("Which talk.")
    expected_version: int = needed(VERSION)
    held_on: date | None = optional("When it was, or will be.")
    summary: str | None = optional("What came of it.")
    questions: str | None = optional("What to ask.")
    notes: str | None = optional("What was said.")
    follow_up_on: date | None = optional("When to follow up.")
    followed_up: bool | None = optional("Whether the follow-up is done.")


@strawberry.input(description="Which talk to remove for good.")
class RemoveInteractionInput:
    interaction_id: ID = needed("Which talk.")


@strawberry.input(description="Whom to ask, to be introduced to whom.")
class AskIntroductionInput:
    introducer_id: ID = needed("Whom to ask.")
    target_id: ID = needed("Whom to meet.")
    message: str = needed("What both will read.")


@strawberry.input(description="Which introduction.")
class IntroductionStepInput:
    introduction_id: ID = needed("Which introduction.")
