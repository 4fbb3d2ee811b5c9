"""What results mean, in words: by texts of their instruments, and by those who counsel and mentor."""

from datetime import datetime
from enum import StrEnum

import strawberry

from services.gateway.types.consent import ConsentRole
from services.gateway.types.fields import shown, told
from services.gateway.types.inputs import ID, needed, optional
from services.gateway.types.lazy import LazyPerson
from services.gateway.types.relay import Node


@told(
    "How certain it is that a score belongs where it is put.",
    CLEAR="Its whole interval lies there.",
    NEAR_BORDER="Its interval reaches into other ranges too.",
    NOT_KNOWN="It has no interval: nobody knows yet how exact it is.",
)
class InterpretationCertainty(StrEnum):
    CLEAR = "CLEAR"
    NEAR_BORDER = "NEAR_BORDER"
    NOT_KNOWN = "NOT_KNOWN"


@told(
    "Which figure of a scale its ranges part.",
    RAW="The raw score.",
    STANDARD="The T score.",
    PERCENTILE="The percentile.",
    LEANING="A preference's own leaning.",
)
class InterpretedFigure(StrEnum):
    RAW = "RAW"
    STANDARD = "STANDARD"
    PERCENTILE = "PERCENTILE"
    LEANING = "LEANING"


@strawberry.type(description="What is said of scores in a range.")
class BandWords:
    band: str = shown("The range's code.")
    label: str = shown("Its name.")
    text: str = shown("What it may mean.")


@strawberry.type(description="What a scale's score may mean.")
class ScaleInterpretation:
    scale: str = shown("The scale's code.")
    name: str = shown("Its name.")
    band: str = shown("The code of the range that the score lies in.")
    label: str = shown("The range's name.")
    text: str = shown("What it may mean.")
    certainty: InterpretationCertainty = shown("How certain it is that the score belongs there.")
    note: str | None = shown("The same in words; null where it is clear.")
    near: list[BandWords] = shown("The ranges that the score may as well belong to.")


@strawberry.type(description="What a result may mean, by the texts of its instrument.")
class ResultInterpretation:
    text_version: str = shown("Which version of the texts.")
    locale: str = shown("In which language.")
    source: str = shown("Whose words they are.")
    introduction: str | None = shown("What to know before reading.")
    interpreted_at: datetime = shown("When it was put into words.")
    scales: list[ScaleInterpretation] = shown("What each scale may mean.")


@strawberry.type(
    description="What a counsellor or mentor says of a result; only the person and they themselves see it."
)
class Interpretation(Node):
    author: LazyPerson | None = shown("Who says it.")
    role: ConsentRole = shown("In which part they were let in.")
    text: str | None = shown("What they say.")
    written_at: datetime = shown("When they first wrote it.")
    updated_at: datetime = shown("When they last changed it.")


@strawberry.type(description="A range of a scale's scores, and what is said of them.")
class TextBand:
    code: str = shown("Its code.")
    label: str = shown("Its name.")
    from_: float | None = strawberry.field(
        name="from", description="Where it begins; null for the lowest, and for preferences."
    )
    text: str = shown("What it may mean.")


@strawberry.type(description="The ranges of a scale.")
class TextScale:
    scale: str = shown("The scale's code.")
    by: InterpretedFigure = shown("Which figure they part.")
    bands: list[TextBand] = shown("The ranges, lowest first.")


@strawberry.type(description="What is said of an instrument's scores, in one language.")
class InterpretationTexts:
    version: str = shown("Their version.")
    locale: str = shown("Their language.")
    source: str = shown("Whose words they are.")
    introduction: str | None = shown("What to know before reading.")
    near_border: str = shown("What is said of a score near a border.")
    not_known: str = shown("What is said of a score whose exactness nobody knows.")
    scales: list[TextScale] = shown("The ranges of each scale.")


@strawberry.input(description="What to put into words anew.")
class InterpretAssessmentInput:
    assessment_id: ID = needed("Which assessment; one's own.")
    locale: str | None = optional("In which language; one's own if not given.")


@strawberry.input(description="What a result that somebody shows you may mean.")
class WriteInterpretationInput:
    result_id: ID = needed("Which result.")
    text: str = needed("What it may mean; what you said before goes.")


@strawberry.input(description="What was said of a result.")
class RemoveInterpretationInput:
    interpretation_id: ID = needed("Which interpretation: of one's own result, or by oneself.")
