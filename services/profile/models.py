"""All tables of profile, for migrations and the blueprint."""

from services.profile.assessments import models as assessments
from services.profile.consents import models as consents
from services.profile.credentials import models as credentials
from services.profile.erasure import models as erasure
from services.profile.people import models as people
from services.profile.skills import models as skills
from services.profile.tables import Base
from services.profile.unresolved import models as unresolved

__all__ = [
    "Base",
    "assessments",
    "consents",
    "credentials",
    "erasure",
    "people",
    "skills",
    "unresolved",
]
