"""All tables of profile, for migrations and the blueprint."""

from services.profile.people import models as people
from services.profile.skills import models as skills
from services.profile.tables import Base

__all__ = ["Base", "people", "skills"]
