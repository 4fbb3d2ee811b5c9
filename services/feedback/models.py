"""Every table of feedback, for migrations and tests."""

from services.feedback.checkins import models as checkins
from services.feedback.people import models as people
from services.feedback.tables import Base
from services.feedback.tasks import models as tasks

__all__ = ["Base", "checkins", "people", "tasks"]
