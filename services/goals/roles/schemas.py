"""Roles on the wire."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.goals.roles.rules import Track, content_hash
from shared.schemas import Input, Output

Name = Annotated[str, Field(min_length=1, max_length=300)]
LONGEST_TEXT = 20_000


class SkillRequirement(Input):
    """A skill at a level, and how much it counts."""

    skill_id: UUID
    required_level: Annotated[float, Field(ge=0, le=5)]
    importance: Annotated[float, Field(ge=1, le=5)] = 3
    mandatory: bool = False


class ExperienceRequirement(Input):
    """So many months of something: a kind of record, WORK, LEADERSHIP, or a word of the record's title."""

    type: Name
    min_months: Annotated[int, Field(ge=0, le=1200)]
    min_team_size: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    text: Annotated[str, Field(max_length=2000)] | None = None
    mandatory: bool = False


class CredentialRequirement(Input):
    """A certificate, degree or licence."""

    name: Name
    issuer: Name | None = None
    mandatory: bool = False


class RoleContent(Input):
    """Everything of a role that makes a version."""

    family: Name
    title: Name
    level: Annotated[int, Field(ge=0, le=100)] | None = None
    track: Track | None = None
    description: Annotated[str, Field(max_length=LONGEST_TEXT)] | None = None
    onet_soc_code: Annotated[str, Field(max_length=20)] | None = None
    requirements: list[SkillRequirement] = Field(default_factory=list, max_length=1000)
    experience: list[ExperienceRequirement] = Field(default_factory=list, max_length=100)
    credentials: list[CredentialRequirement] = Field(default_factory=list, max_length=100)

    @model_validator(mode="after")
    def _each_skill_once(self) -> Self:
        if len({each.skill_id for each in self.requirements}) < len(self.requirements):
            raise ValueError("requirements: name each skill once")
        return self

    def fingerprint(self) -> bytes:
        content = self.model_dump(exclude={"catalogue", "code"})
        content["requirements"].sort(key=lambda each: each["skill_id"])
        for each in content["experience"]:
            if not each["mandatory"]:
                del each["mandatory"]  # roles of before it was there stay what they are
        return content_hash(content)


class RoleCreate(RoleContent):
    """A role of a catalogue, found again by its code."""

    catalogue: Name = "own"
    code: Name


class RoleSkillRead(Output):
    """One requirement of a role."""

    skill_id: UUID
    required_level: float
    importance: float
    mandatory: bool


class RoleRead(Output):
    """A role without what it requires."""

    id: UUID
    catalogue: str
    code: str
    family_id: UUID
    family_name: str
    title: str
    level: int | None
    track: Track | None
    description: str | None
    onet_soc_code: str | None
    version: int
    published_at: datetime


class RoleDetail(RoleRead):
    """A role with what it requires, and the next ones on its ladder."""

    requirements: Sequence[RoleSkillRead]
    experience: list[dict[str, Any]]
    credentials: list[dict[str, Any]]
    next_roles: Sequence[RoleRead]


class RoleFamilyRead(Output):
    """A family of roles."""

    id: UUID
    catalogue: str
    name: str
