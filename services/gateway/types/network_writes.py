"""The mutations of networks."""

from services.gateway.types import network_inputs as inputs
from services.gateway.types.network import Contact, Interaction, Introduction
from services.gateway.types.person import Person
from services.gateway.types.writing import Write


def _write(name: str, description: str, taken: type, path: str, noun: type, method: str) -> Write:
    return Write(name, description, taken, "profile", method, f"/network{path}", noun)


def _removal(name: str, description: str, taken: type, path: str) -> Write:
    """What is left to show is who did it."""
    path = f"/network{path}"
    return Write(name, description, taken, "profile", "DELETE", path, Person, answers=None)


WRITES = (
    _write(
        "addContact",
        "Keeps somebody whom one knows.",
        inputs.AddContactInput,
        "/contacts",
        Contact,
        "POST",
    ),
    _write(
        "updateContact",
        "Changes a contact.",
        inputs.UpdateContactInput,
        "/contacts/{contactId}",
        Contact,
        "PATCH",
    ),
    _removal(
        "removeContact",
        "Removes a contact for good, with the talks that one noted.",
        inputs.RemoveContactInput,
        "/contacts/{contactId}",
    ),
    _write(
        "recordInteraction",
        "Keeps a talk with a contact, or plans one.",
        inputs.RecordInteractionInput,
        "/contacts/{contactId}/interactions",
        Interaction,
        "POST",
    ),
    _write(
        "updateInteraction",
        "Changes what is kept of a talk.",
        inputs.UpdateInteractionInput,
        "/interactions/{interactionId}",
        Interaction,
        "PATCH",
    ),
    _removal(
        "removeInteraction",
        "Removes for good what is kept of a talk.",
        inputs.RemoveInteractionInput,
        "/interactions/{interactionId}",
    ),
    _write(
        "askIntroduction",
        "Asks a colleague to introduce one to another.",
        inputs.AskIntroductionInput,
        "/introductions",
        Introduction,
        "POST",
    ),
    _write(
        "acceptIntroduction",
        "Says yes, to introduce or to be met.",
        inputs.IntroductionStepInput,
        "/introductions/{introductionId}/accept",
        Introduction,
        "POST",
    ),
    _write(
        "declineIntroduction",
        "Says no; nobody is told.",
        inputs.IntroductionStepInput,
        "/introductions/{introductionId}/decline",
        Introduction,
        "POST",
    ),
)
