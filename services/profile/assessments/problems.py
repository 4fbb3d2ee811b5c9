"""What can go wrong with instruments, sessions and results."""

from datetime import date
from uuid import UUID

from shared.problems import Conflict, Forbidden, Invalid


class UnknownInstrument(Invalid):
    """The instrument that is named here does not exist."""


class InstrumentIsPublished(Conflict):
    """A published version never changes."""


class InstrumentIsBuiltIn(Conflict):
    """What is built in belongs to everybody and never changes."""


class InstrumentNotInUse(Conflict):
    """Only a published instrument with items of its own can be taken."""


class InstrumentNotYours(Forbidden):
    """Instruments are brought and published by HR, administrators and clients with the scope instruments:write."""


class RepeatedLine(Invalid):
    """An earlier line of this request is about the same."""


class UnknownMeasure(Invalid):
    """A skill or scale that a test is said to measure does not exist."""


class AlreadyAssigned(Conflict):
    """The person has been asked already and has time left."""


class AlreadyUnderWay(Conflict):
    """Another session with this instrument has begun."""

    def __init__(self, assessment_id: UUID) -> None:
        super().__init__(
            "Go on with the session that you have begun, or cancel it.",
            assessmentId=str(assessment_id),
        )


class CoolDown(Conflict):
    """It is too early to take this instrument again."""

    def __init__(self, again_on: date) -> None:
        super().__init__(
            f"Take it again on {again_on.isoformat()} or later.", againOn=again_on.isoformat()
        )


class SessionIsOver(Conflict):
    """Its last day has passed."""


class AnswersMissing(Invalid):
    """Required items have no answer yet."""


class WrongAnswers(Invalid):
    """Some answers do not fit their items."""


class ResultNotShareable(Conflict):
    """Only results for your own guidance are shared by consent; what a skill test found follows rules of its own."""
