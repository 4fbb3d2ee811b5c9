"""The goals service put together."""

from typing import Any

from fastapi import FastAPI

from services.goals import erasing, models
from services.goals.accesses import routes as accesses
from services.goals.accesses import views as access_views
from services.goals.accesses.commands import ACCESSES
from services.goals.crosswalks import events as crosswalk_events
from services.goals.crosswalks import routes as crosswalks
from services.goals.crosswalks import views as crosswalk_views
from services.goals.events import handlers, jobs
from services.goals.gaps import picture_routes as gap_pictures
from services.goals.gaps import routes as gaps
from services.goals.gaps import views as gap_views
from services.goals.goals import events as goal_events
from services.goals.goals import milestone_routes as milestones
from services.goals.goals import routes as goals
from services.goals.goals import upkeep
from services.goals.goals import views as goal_views
from services.goals.learning import events as learning_events
from services.goals.learning import reactions, unresolved
from services.goals.learning import routes as learning
from services.goals.learning import views as learning_views
from services.goals.people import queries as people
from services.goals.people import record_events
from services.goals.roles import routes as roles
from services.goals.roles import views as role_views
from services.goals.roles.events import RolePublished
from services.goals.settings import GoalsSettings
from services.goals.utilisation import routes as utilisation
from services.goals.utilisation import views as utilisation_views
from shared.app import build
from shared.service import Blueprint

SETTINGS = GoalsSettings
REGISTERED = (upkeep, reactions, erasing, record_events, crosswalk_events)
"""Modules that are imported for the jobs and handlers that they register."""


def blueprint() -> Blueprint:
    """What the service consists of."""
    return Blueprint(
        name="goals",
        title="Waymark goals",
        database_name="goals",
        metadata=models.Base.metadata,
        callers=people.CALLERS,
        routers=(
            roles.routes,
            roles.imports,
            crosswalks.routes,
            gaps.routes,
            utilisation.routes,
            gap_pictures.routes,
            goals.routes,
            milestones.routes,
            learning.routes,
            learning.imports,
            unresolved.routes,
            accesses.routes,
        ),
        views=(
            *goal_views.VIEWS,
            *role_views.VIEWS,
            *crosswalk_views.VIEWS,
            *gap_views.VIEWS,
            *utilisation_views.VIEWS,
            *learning_views.VIEWS,
            *access_views.VIEWS,
        ),
        facts=(
            RolePublished,
            *goal_events.FACTS,
            *learning_events.FACTS,
            erasing.ErasureReceipted,
        ),
        handlers=handlers,
        jobs=jobs,
        accesses=ACCESSES,
    )


def create_app(settings: GoalsSettings, **options: Any) -> FastAPI:
    """The application; `options` are those of `shared.app.build`."""
    return build(blueprint(), settings, **options)
