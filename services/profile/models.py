"""All tables of profile, for migrations and the blueprint."""

from services.profile.assessments import models as assessments
from services.profile.baselines import models as baselines
from services.profile.consents import models as consents
from services.profile.credentials import models as credentials
from services.profile.crosswalks import models as crosswalks
from services.profile.erasure import models as erasure
from services.profile.experience import models as experience
from services.profile.exports import models as exports
from services.profile.interpretations import models as interpretations
from services.profile.journal import models as journal
from services.profile.network import models as network
from services.profile.people import models as people
from services.profile.ratings import models as ratings
from services.profile.skill_tests import models as skill_tests
from services.profile.skills import models as skills
from services.profile.tables import Base
from services.profile.unresolved import models as unresolved
from services.profile.weights import models as weights

__all__ = [
    "Base",
    "assessments",
    "baselines",
    "consents",
    "credentials",
    "crosswalks",
    "erasure",
    "experience",
    "exports",
    "interpretations",
    "journal",
    "network",
    "people",
    "ratings",
    "skill_tests",
    "skills",
    "unresolved",
    "weights",
]
