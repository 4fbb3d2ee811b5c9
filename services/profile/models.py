"""All tables of profile, for migrations and the blueprint."""

from services.profile.consents import models as consents
from services.profile.credentials import models as credentials
from services.profile.erasure import models as erasure
from services.profile.exports import models as exports
from services.profile.network import models as network
from services.profile.people import models as people
from services.profile.skills import models as skills
from services.profile.tables import Base
from services.profile.unresolved import models as unresolved

__all__ = [
    "Base",
    "consents",
    "credentials",
    "erasure",
    "exports",
    "network",
    "people",
    "skills",
    "unresolved",
]
