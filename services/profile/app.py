"""Profile as one application."""

from typing import Any

from fastapi import APIRouter, Depends, FastAPI

from services.profile import policy
from services.profile.accesses import routes as access_routes
from services.profile.accesses.commands import ACCESSES
from services.profile.assessments import expiry as assessment_expiry
from services.profile.assessments import (
    hexagon_routes,
    instrument_routes,
    occupation_values,
    occupations,
    result_routes,
)
from services.profile.assessments import routes as assessment_routes
from services.profile.assessments.events import FACTS as ASSESSMENT_FACTS
from services.profile.baselines import routes as baseline_routes
from services.profile.baselines.events import FACTS as BASELINE_FACTS
from services.profile.consents import routes as consent_routes
from services.profile.consents.events import FACTS as CONSENT_FACTS
from services.profile.credentials import expiring as credential_expiring
from services.profile.credentials import expiry as credential_expiry
from services.profile.credentials import reactions as credential_reactions
from services.profile.credentials import routes as credential_routes
from services.profile.credentials.events import FACTS as CREDENTIAL_FACTS
from services.profile.crosswalks import migrating
from services.profile.crosswalks import routes as crosswalk_routes
from services.profile.crosswalks.events import FACTS as CROSSWALK_FACTS
from services.profile.erasure import reactions as erasure_reactions
from services.profile.erasure import routes as erasure_routes
from services.profile.erasure.events import FACTS as ERASURE_FACTS
from services.profile.experience import routes as experience_routes
from services.profile.experience.events import FACTS as EXPERIENCE_FACTS
from services.profile.expertise import routes as expertise_routes
from services.profile.exports import routes as export_routes
from services.profile.exports import writing
from services.profile.exports.events import FACTS as EXPORT_FACTS
from services.profile.interpretations import routes as interpretation_routes
from services.profile.journal import aspiration_routes
from services.profile.journal import routes as journal_routes
from services.profile.journal.events import FACTS as JOURNAL_FACTS
from services.profile.models import Base
from services.profile.network import introduction_routes
from services.profile.network import routes as network_routes
from services.profile.network.events import FACTS as NETWORK_FACTS
from services.profile.people import due, reactions, routes, unit_routes
from services.profile.people.events import FACTS as PEOPLE_FACTS
from services.profile.ratings import commands as rating_commands
from services.profile.ratings import routes as rating_routes
from services.profile.ratings.events import FACTS as RATING_FACTS
from services.profile.reactions import handlers, jobs
from services.profile.settings import ProfileSettings
from services.profile.skill_tests import routes as skill_test_routes
from services.profile.skills import (
    assertion_routes,
    courses,
    estimates,
    expiry,
    growth_routes,
    growth_views,
)
from services.profile.skills import routes as skill_routes
from services.profile.skills.events import FACTS as SKILL_FACTS
from services.profile.tables import PERSON_KEYS
from services.profile.unresolved import routes as unresolved_routes
from services.profile.unresolved import waking
from services.profile.views import VIEWS
from services.profile.weights import commands as weighing
from services.profile.weights import routes as weight_routes
from shared.app import build
from shared.sealing import PersonKeys, Vault
from shared.sealing.marked import Opened
from shared.sealing.vault import provide
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
    credential_expiring,
    credential_reactions,
    erasure_reactions,
    courses,
    estimates,
    expiry,
    weighing,
    rating_commands,
    migrating,
    writing,
)
"""Modules whose import registers reactions and jobs."""
FACTS = (
    *PEOPLE_FACTS,
    *CONSENT_FACTS,
    *CREDENTIAL_FACTS,
    *EXPERIENCE_FACTS,
    *SKILL_FACTS,
    *CROSSWALK_FACTS,
    *RATING_FACTS,
    *BASELINE_FACTS,
    *ASSESSMENT_FACTS,
    *JOURNAL_FACTS,
    *NETWORK_FACTS,
    *EXPORT_FACTS,
    *ERASURE_FACTS,
)
"""Everything that profile says."""
ROUTERS = (
    routes.routes,
    credential_routes.routes,
    access_routes.routes,
    experience_routes.routes,
    baseline_routes.routes,
    consent_routes.of_people,
    consent_routes.routes,
    instrument_routes.routes,
    instrument_routes.bulk_routes,
    interpretation_routes.of_instruments,
    interpretation_routes.bulk_routes,
    unit_routes.routes,
    unit_routes.bulk_routes,
    skill_routes.framework_routes,
    assertion_routes.routes,
    growth_routes.routes,
    skill_routes.routes,
    skill_routes.bulk_routes,
    skill_test_routes.routes,
    skill_test_routes.bulk_routes,
    weight_routes.routes,
    rating_routes.routes,
    expertise_routes.routes,
    crosswalk_routes.routes,
    crosswalk_routes.migration_routes,
    crosswalk_routes.bulk_routes,
    unresolved_routes.routes,
    erasure_routes.orders,
    erasure_routes.routes,
)
SEALING = (
    journal_routes.routes,
    aspiration_routes.routes,
    result_routes.routes,
    hexagon_routes.routes,
    interpretation_routes.routes,
    assessment_routes.routes,
    network_routes.routes,
    introduction_routes.routes,
    export_routes.orders,
    export_routes.routes,
)
"""Doors to what is sealed."""


def blueprint(keys: PersonKeys, vault: Vault) -> Blueprint:
    """What profile is made of; `keys` open what is sealed for a person, `vault` what is sealed for nobody."""
    sealing = APIRouter(dependencies=[Depends(provide(vault))])
    for door in SEALING:
        sealing.include_router(door)
    return Blueprint(
        name="profile",
        title="Waymark profile",
        database_name="profile",
        metadata=Base.metadata,
        callers=policy.CALLERS,
        routers=(*ROUTERS, sealing),
        views=VIEWS,
        facts=FACTS,
        handlers=handlers,
        jobs=jobs,
        accesses=ACCESSES,
        person_keys=keys,
    )


def create_app(settings: ProfileSettings, **further: Any) -> FastAPI:
    """The application, its database not yet connected; `further` is handed to `shared.app.build`.

    Raises `BadSealKey`.
    """
    vault = Vault.from_setting(settings.seal_key)
    keys = PersonKeys(PERSON_KEYS, vault)
    app = build(blueprint(keys, vault), settings, **further)
    views = app.state.hot_paths
    made = {each.MADE_BY: each.of_report for each in (occupations, occupation_values)}
    of_rows = {growth_views.MADE_BY: growth_views.of_material}
    views[PREFIX] = Opened(views[PREFIX], keys, made, of_rows)
    return app
