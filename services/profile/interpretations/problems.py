"""What can go wrong with texts and interpretations."""

from shared.problems import Conflict, Forbidden, Invalid


class NoTexts(Conflict):
    """There are no texts for this instrument."""


class TextsAreKept(Conflict):
    """A version of texts never changes once it was brought."""


class TextsDoNotFit(Invalid):
    """The texts do not fit the instrument that they name."""


class NotForWordsOfOthers(Conflict):
    """Only results for somebody's own guidance are interpreted by counsellors and mentors."""


class OwnResult(Forbidden):
    """What you say of your own result stands in your journal."""
