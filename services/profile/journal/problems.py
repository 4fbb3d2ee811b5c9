"""What can go wrong with a journal."""

from shared.problems import Invalid


class UnknownPrompt(Invalid):
    """There is no such prompt."""


class NotYourEvidence(Invalid):
    """An insight rests on what is one's own."""
