"""Profile as one application."""

from typing import Any

from fastapi import FastAPI

from services.profile import policy
from services.profile.consents import routes as consent_routes
from services.profile.consents.events import FACTS as CONSENT_FACTS
from services.profile.credentials import expiry as credential_expiry
from services.profile.credentials import reactions as credential_reactions
from services.profile.credentials import routes as credential_routes
from services.profile.credentials.events import FACTS as CREDENTIAL_FACTS
from services.profile.crosswalks import migrating
from services.profile.crosswalks import routes as crosswalk_routes
from services.profile.erasure import reactions as erasure_reactions
from services.profile.erasure import routes as erasure_routes
from services.profile.erasure.events import FACTS as ERASURE_FACTS
from services.profile.expertise import routes as expertise_routes
from services.profile.models import Base
from services.profile.people import due, reactions, routes, unit_routes
from services.profile.people.events import FACTS as PEOPLE_FACTS
from services.profile.ratings import routes as rating_routes
from services.profile.ratings import upkeep as rating_upkeep
from services.profile.ratings.events import FACTS as RATING_FACTS
from services.profile.reactions import handlers, jobs
from services.profile.settings import ProfileSettings
from services.profile.skills import assertion_routes, courses, estimates, expiry, growth_routes
from services.profile.skills import routes as skill_routes
from services.profile.skills.events import FACTS as SKILL_FACTS
from services.profile.unresolved import routes as unresolved_routes
from services.profile.unresolved import waking
from services.profile.views import VIEWS
from services.profile.weights import commands as weighing
from services.profile.weights import routes as weight_routes
from shared.app import build
from shared.service import Blueprint

SETTINGS = ProfileSettings

__all__ = ["SETTINGS", "blueprint", "create_app"]

REACTING = (
    due,
    reactions,
    waking,
    credential_expiry,
    credential_reactions,
    erasure_reactions,
    courses,
    estimates,
    expiry,
    weighing,
    rating_upkeep,
    migrating,
)
"""Modules whose import registers reactions and jobs."""


SKILL_ROUTES = (
    skill_routes.framework_routes,
    assertion_routes.routes,
    growth_routes.routes,
    skill_routes.routes,
    skill_routes.bulk_routes,
)
"""In this order: `/skills/{id}` would swallow the others."""


def blueprint() -> Blueprint:
    """What profile is made of."""
    return Blueprint(
        name="profile",
        title="Waymark profile",
        database_name="profile",
        metadata=Base.metadata,
        callers=policy.CALLERS,
        routers=(
            routes.routes,
            credential_routes.routes,
            consent_routes.of_people,
            consent_routes.routes,
            unit_routes.routes,
            unit_routes.bulk_routes,
            *SKILL_ROUTES,
            weight_routes.routes,
            rating_routes.routes,
            expertise_routes.routes,
            crosswalk_routes.routes,
            crosswalk_routes.migration_routes,
            crosswalk_routes.bulk_routes,
            unresolved_routes.routes,
            erasure_routes.orders,
            erasure_routes.routes,
        ),
        views=VIEWS,
        facts=(
            *PEOPLE_FACTS,
            *CONSENT_FACTS,
            *CREDENTIAL_FACTS,
            *SKILL_FACTS,
            *RATING_FACTS,
            *ERASURE_FACTS,
        ),
        handlers=handlers,
        jobs=jobs,
    )


def create_app(settings: ProfileSettings, **further: Any) -> FastAPI:
    """The application, its database not yet connected; `further` is handed to `shared.app.build`."""
    return build(blueprint(), settings, **further)
