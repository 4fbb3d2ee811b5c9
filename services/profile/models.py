"""All tables of profile, for migrations and the blueprint."""

from services.profile.consents import models as consents
from services.profile.credentials import models as credentials
from services.profile.crosswalks import models as crosswalks
from services.profile.erasure import models as erasure
from services.profile.people import models as people
from services.profile.ratings import models as ratings
from services.profile.skills import models as skills
from services.profile.tables import Base
from services.profile.unresolved import models as unresolved
from services.profile.weights import models as weights

__all__ = [
    "Base",
    "consents",
    "credentials",
    "crosswalks",
    "erasure",
    "people",
    "ratings",
    "skills",
    "unresolved",
    "weights",
]
