"""What can go wrong with frameworks, skills and what is said about them."""

from shared.problems import Conflict, Forbidden, Invalid


class UnknownFramework(Invalid):
    """The framework that is named here does not exist."""


class UnknownSkill(Invalid):
    """The skill that is named here does not exist."""


class FrameworkKeyTaken(Conflict):
    """Another framework has this key."""


class SkillCodeTaken(Conflict):
    """Another skill of the framework has this code."""


class FrameworkIsPublished(Conflict):
    """A published framework keeps its rule and its scale."""


class FrameworkIsDeprecated(Conflict):
    """A deprecated framework does not change, and takes no new assertions."""


class FrameworkIsDraft(Conflict):
    """Nothing is asserted with a framework that is not published."""


class CircularSkills(Conflict):
    """A skill cannot lie below itself, not even through others."""


class OwnAssertion(Forbidden):
    """Nobody confirms or rejects what they said, or what is said about them."""


class SourceNotYours(Forbidden):
    """This source of assertions is not for you to record."""


class EvidenceNeeded(Invalid):
    """A claim about oneself needs evidence."""


class RepeatedLine(Invalid):
    """An earlier line of this request has the same key."""
