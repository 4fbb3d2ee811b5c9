"""Profile as one application."""

from typing import Any

from fastapi import APIRouter, Depends, FastAPI

from services.profile import policy
from services.profile.assessments import expiry as assessment_expiry
from services.profile.assessments import (
    hexagon_routes,
    instrument_routes,
    occupations,
    result_routes,
)
from services.profile.assessments import routes as assessment_routes
from services.profile.assessments.events import FACTS as ASSESSMENT_FACTS
from services.profile.consents import routes as consent_routes
from services.profile.consents.events import FACTS as CONSENT_FACTS
from services.profile.credentials import expiry as credential_expiry
from services.profile.credentials import reactions as credential_reactions
from services.profile.credentials import routes as credential_routes
from services.profile.credentials.events import FACTS as CREDENTIAL_FACTS
from services.profile.erasure import reactions as erasure_reactions
from services.profile.erasure import routes as erasure_routes
from services.profile.erasure.events import FACTS as ERASURE_FACTS
from services.profile.models import Base
from services.profile.people import due, reactions, routes, unit_routes
from services.profile.people.events import FACTS as PEOPLE_FACTS
from services.profile.reactions import handlers, jobs
from services.profile.settings import ProfileSettings
from services.profile.skills import assertion_routes, courses, estimates, expiry
from services.profile.skills import routes as skill_routes
from services.profile.skills.events import FACTS as SKILL_FACTS
from services.profile.tables import PERSON_KEYS
from services.profile.unresolved import routes as unresolved_routes
from services.profile.unresolved import waking
from services.profile.views import VIEWS
from shared.app import build
from shared.sealing import PersonKeys, Vault, provide
from shared.sealing import vault as sealing_vault
from shared.sealing.marked import Opened
from shared.service import Blueprint
from shared.views.endpoint import PREFIX

SETTINGS = ProfileSettings

__all__ = ["SETTINGS", "blueprint", "create_app"]

REACTING = (
    due,
    reactions,
    waking,
    assessment_expiry,
    credential_expiry,
    credential_reactions,
    erasure_reactions,
    courses,
    estimates,
    expiry,
)
"""Modules whose import registers reactions and jobs."""
FACTS = (
    *PEOPLE_FACTS,
    *ASSESSMENT_FACTS,
    *CONSENT_FACTS,
    *CREDENTIAL_FACTS,
    *SKILL_FACTS,
    *ERASURE_FACTS,
)
"""Everything that profile says."""


def blueprint(keys: PersonKeys, vault: Vault) -> Blueprint:
    """What profile is made of; `keys` open what is sealed for a person, `vault` what is sealed for nobody."""
    sealing = APIRouter(
        dependencies=[Depends(provide(keys)), Depends(sealing_vault.provide(vault))]
    )
    sealing.include_router(result_routes.routes)
    sealing.include_router(hexagon_routes.routes)
    sealing.include_router(assessment_routes.routes)
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
            sealing,
            instrument_routes.routes,
            instrument_routes.bulk_routes,
            unit_routes.routes,
            unit_routes.bulk_routes,
            skill_routes.framework_routes,
            assertion_routes.routes,
            skill_routes.routes,
            skill_routes.bulk_routes,
            unresolved_routes.routes,
            erasure_routes.orders,
            erasure_routes.routes,
        ),
        views=VIEWS,
        facts=FACTS,
        handlers=handlers,
        jobs=jobs,
    )


def create_app(settings: ProfileSettings, **further: Any) -> FastAPI:
    """The application, its database not yet connected; `further` is handed to `shared.app.build`.

    Raises `BadSealKey`.
    """
    vault = Vault.from_setting(settings.seal_key)
    keys = PersonKeys(PERSON_KEYS, vault)
    app = build(blueprint(keys, vault), settings, **further)
    views = app.state.hot_paths
    views[PREFIX] = Opened(views[PREFIX], keys, {occupations.MADE_BY: occupations.of_report})
    return app
