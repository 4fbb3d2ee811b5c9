"""The mutations of assessments, of their results and of what is said of these."""

from services.gateway.types import assessment_inputs as inputs
from services.gateway.types.assessment import AssessmentResult, AssessmentSession
from services.gateway.types.consent import Consent
from services.gateway.types.interpretation import (
    InterpretAssessmentInput,
    Interpretation,
    RemoveInterpretationInput,
    WriteInterpretationInput,
)
from services.gateway.types.person import Person
from services.gateway.types.writing import Write


def _assessment(name: str, description: str, taken: type, path: str, method: str = "POST") -> Write:
    return Write(
        name, description, taken, "profile", method, f"/assessments{path}", AssessmentSession
    )


ASSESSMENT_WRITES = (
    _assessment(
        "assignAssessment",
        "Plans an assessment: one's own, or as HR somebody's.",
        inputs.AssignAssessmentInput,
        "",
    ),
    _assessment(
        "startAssessment",
        "Begins an assessment, or goes on with it.",
        inputs.StartAssessmentInput,
        "/start",
    ),
    _assessment(
        "saveAnswers",
        "Saves some answers of one's own assessment.",
        inputs.SaveAnswersInput,
        "/{assessmentId}/answers",
        "PATCH",
    ),
    _assessment(
        "submitAssessment",
        "Hands an assessment in; its result is there at once.",
        inputs.SubmitAssessmentInput,
        "/{assessmentId}/submit",
    ),
    _assessment(
        "cancelAssessment",
        "Declines an assessment, or calls off what one assigned.",
        inputs.AssessmentStepInput,
        "/{assessmentId}/cancel",
    ),
    _assessment(
        "interpretAssessment",
        "Puts one's own results into words anew, by the texts of today.",
        InterpretAssessmentInput,
        "/{assessmentId}/interpret",
    ),
    Write(
        "writeInterpretation",
        "Says what a result may mean that somebody shows one as their counsellor or mentor.",
        WriteInterpretationInput,
        "profile",
        "PUT",
        "/assessments/results/{resultId}/interpretation",
        Interpretation,
    ),
    Write(
        "removeInterpretation",
        "Removes what was said of one's own result, or what one said oneself.",
        RemoveInterpretationInput,
        "profile",
        "DELETE",
        "/assessments/interpretations/{interpretationId}",
        AssessmentResult,
        answers="resultId",
    ),
    Write(
        "recordExternalResult",
        "Keeps what another publisher's report says of oneself; nobody else sees it.",
        inputs.RecordExternalResultInput,
        "profile",
        "POST",
        "/assessments/results",
        AssessmentResult,
    ),
    Write(
        "removeResult",
        "Removes one of one's own results for guidance, for good; answers who did it.",
        inputs.RemoveResultInput,
        "profile",
        "DELETE",
        "/assessments/results/{resultId}",
        Person,
        answers=None,
    ),
    Write(
        "shareResult",
        "Shows one of one's own results to a counsellor or mentor.",
        inputs.ShareResultInput,
        "profile",
        "POST",
        "/assessments/results/{resultId}/shares",
        Consent,
    ),
)
