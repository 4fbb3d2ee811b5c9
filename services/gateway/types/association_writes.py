"""The mutations that relate skills."""

import strawberry

from services.gateway.types.inputs import ID, needed, optional
from services.gateway.types.person import Person
from services.gateway.types.skill import SkillAssociation, SkillAssociationType
from services.gateway.types.writing import Write


@strawberry.input(description="Two skills, and what the first one is to the second.")
class RelateSkillsInput:
    origin_id: ID = needed("From which skill.")
    destination_id: ID = needed("To which skill.")
    type: SkillAssociationType = needed("What the origin is to the destination.")
    confidence: float | None = optional("How sure that is, from 0 to 1.")
    place: int | None = optional("Its place among those of the origin.")


@strawberry.input(description="Which association to take away.")
class UnrelateSkillsInput:
    association_id: ID = needed("Which association.")


WRITES = (
    Write(
        "relateSkills",
        "Says what one skill is to another one, for HR and administrators.",
        RelateSkillsInput,
        "profile",
        "POST",
        "/associations",
        SkillAssociation,
    ),
    Write(
        "unrelateSkills",
        "Takes an association away; answers who did it.",
        UnrelateSkillsInput,
        "profile",
        "DELETE",
        "/associations/{associationId}",
        Person,
        answers=None,
    ),
)
