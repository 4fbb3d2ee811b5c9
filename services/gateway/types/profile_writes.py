"""What front ends may write of experience, baselines and their own journal."""

from services.gateway.types import profile_inputs as inputs
from services.gateway.types.baseline import Baseline
from services.gateway.types.experience import Credential, Experience
from services.gateway.types.journal import Aspiration, Insight, JournalNote, Reflection
from services.gateway.types.person import Person
from services.gateway.types.writing import Write

OF_PERSON = "/people/{personId}"


def _experience(name: str, description: str, taken: type, path: str, method: str = "POST") -> Write:
    return Write(
        name, description, taken, "profile", method, f"{OF_PERSON}/experience{path}", Experience
    )


def _journal(
    name: str, description: str, taken: type, path: str, noun: type, method: str = "POST"
) -> Write:
    return Write(name, description, taken, "profile", method, f"/journal{path}", noun)


def _leaving(name: str, description: str, taken: type, path: str, method: str = "DELETE") -> Write:
    """What is left to show is whose it was."""
    return Write(name, description, taken, "profile", method, path, Person, answers="personId")


PROFILE_WRITES = (
    _experience(
        "recordExperience",
        "Says what one has done.",
        inputs.RecordExperienceInput,
        "",
    ),
    _experience(
        "updateExperience",
        "Changes a record; what was verified must then be verified anew.",
        inputs.UpdateExperienceInput,
        "/{recordId}",
        "PATCH",
    ),
    _experience(
        "verifyExperience",
        "Stands for what a report has recorded; its skills become evidence.",
        inputs.VerifyExperienceInput,
        "/{recordId}/verify",
    ),
    _experience(
        "objectToExperience",
        "Does not stand for a record, or no longer.",
        inputs.ObjectToExperienceInput,
        "/{recordId}/object",
    ),
    _leaving(
        "withdrawExperience",
        "Takes a record back; what it proved does not count any more.",
        inputs.WithdrawExperienceInput,
        f"{OF_PERSON}/experience/{{recordId}}/withdraw",
        "POST",
    ),
    Write(
        "declareCredential",
        "Says what one has earned.",
        inputs.DeclareCredentialInput,
        "profile",
        "POST",
        f"{OF_PERSON}/credentials",
        Credential,
    ),
    Write(
        "verifyCredential",
        "Stands for what a report has earned; the skills that it shows become evidence.",
        inputs.VerifyCredentialInput,
        "profile",
        "POST",
        f"{OF_PERSON}/credentials/{{credentialId}}/verify",
        Credential,
    ),
    Write(
        "objectToCredential",
        "Does not stand for a credential, or no longer.",
        inputs.ObjectToCredentialInput,
        "profile",
        "POST",
        f"{OF_PERSON}/credentials/{{credentialId}}/object",
        Credential,
    ),
    _leaving(
        "withdrawCredential",
        "Takes back what one said to have earned; what it showed does not count any more.",
        inputs.WithdrawCredentialInput,
        f"{OF_PERSON}/credentials/{{credentialId}}",
    ),
    Write(
        "captureBaseline",
        "Keeps what is known of one's skills today, for good.",
        inputs.CaptureBaselineInput,
        "profile",
        "POST",
        f"{OF_PERSON}/baselines",
        Baseline,
    ),
    _journal(
        "writeReflection",
        "Answers a prompt, or writes freely; nobody else ever reads it.",
        inputs.WriteReflectionInput,
        "/reflections",
        Reflection,
    ),
    _journal(
        "updateReflection",
        "Changes a reflection.",
        inputs.UpdateReflectionInput,
        "/reflections/{reflectionId}",
        Reflection,
        "PATCH",
    ),
    _leaving(
        "removeReflection",
        "Removes a reflection for good.",
        inputs.RemoveReflectionInput,
        "/journal/reflections/{reflectionId}",
    ),
    _journal(
        "writeJournalNote",
        "Notes something of oneself.",
        inputs.WriteJournalNoteInput,
        "/notes",
        JournalNote,
    ),
    _journal(
        "updateJournalNote",
        "Changes a note.",
        inputs.UpdateJournalNoteInput,
        "/notes/{noteId}",
        JournalNote,
        "PATCH",
    ),
    _leaving(
        "removeJournalNote",
        "Removes a note for good.",
        inputs.RemoveJournalNoteInput,
        "/journal/notes/{noteId}",
    ),
    _journal(
        "setAspiration",
        "Says where one wants to be.",
        inputs.SetAspirationInput,
        "/aspirations",
        Aspiration,
    ),
    _journal(
        "updateAspiration",
        "Changes an aspiration.",
        inputs.UpdateAspirationInput,
        "/aspirations/{aspirationId}",
        Aspiration,
        "PATCH",
    ),
    _leaving(
        "withdrawAspiration",
        "Takes an aspiration back, from those who were told of it too.",
        inputs.WithdrawAspirationInput,
        "/journal/aspirations/{aspirationId}",
    ),
    _leaving(
        "sayStrength",
        "Says what a skill is to oneself, whatever the evidence says.",
        inputs.SayStrengthInput,
        "/journal/strengths/{skillId}",
        "PUT",
    ),
    _leaving(
        "unsayStrength",
        "Takes one's own view of a skill back.",
        inputs.UnsayStrengthInput,
        "/journal/strengths/{skillId}",
    ),
    _journal(
        "writeInsight",
        "Keeps what one has understood, with what it rests on.",
        inputs.WriteInsightInput,
        "/insights",
        Insight,
    ),
    _leaving(
        "removeInsight",
        "Removes an insight for good.",
        inputs.RemoveInsightInput,
        "/journal/insights/{insightId}",
    ),
)
