"""Texts and interpretations on the wire. What a write answers holds no word of what was written: it may be kept."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.profile.consents.rules import ConsentRole
from services.profile.interpretations.texts import InterpretationTexts
from services.profile.wording import Paragraph
from shared.schemas import Input, Output

Locale = Annotated[str, Field(pattern=r"^[a-zA-Z]{2,3}([-_][A-Za-z0-9]{2,8})*$", max_length=40)]


class InterpretationRow(InterpretationTexts):
    """A line of `/imports/interpretations`: one version of an instrument's texts in one language."""


class TextsRead(Output):
    """Texts of an instrument as they are, with where they come from."""

    built_in: bool
    texts: InterpretationTexts


class Interpret(Input):
    """In which language; without it in the person's own."""

    locale: Locale | None = None


class InterpretationWrite(Input):
    """What you say of the result; what you said before goes."""

    text: Paragraph


class InterpretationGone(Output):
    """Of which result something was said."""

    id: UUID
    result_id: UUID


class InterpretationKept(Output):
    """That there is an interpretation."""

    id: UUID
    result_id: UUID
    author_id: UUID
    role: ConsentRole
    written_at: datetime
    updated_at: datetime


class InterpretationRead(InterpretationKept):
    """With its words; they are gone once the person's key is."""

    text: str | None
