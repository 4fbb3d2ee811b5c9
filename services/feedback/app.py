"""Feedback as an application."""

from fastapi import FastAPI

from services.feedback import erasing
from services.feedback.accesses import routes as accesses
from services.feedback.accesses import views as access_views
from services.feedback.accesses.commands import ACCESSES
from services.feedback.checkins import changes, deadlines, pairs
from services.feedback.checkins import routes as checkins
from services.feedback.checkins.events import FACTS
from services.feedback.checkins.views import VIEWS
from services.feedback.people import events as people
from services.feedback.people.queries import CALLERS
from services.feedback.registry import handlers, jobs
from services.feedback.settings import FeedbackSettings
from services.feedback.tables import PERSON_KEYS, Base
from services.feedback.tasks import events as tasks
from services.feedback.tasks import hearing, listening
from services.feedback.tasks import views as task_views
from shared.app import build
from shared.db import Database
from shared.sealing import PersonKeys, Vault
from shared.sealing.marked import Opened
from shared.service import Blueprint
from shared.views.endpoint import PREFIX

SETTINGS = FeedbackSettings
LISTENERS = (people, pairs, changes, deadlines, erasing, listening, hearing)
"""Importing them has filled the registries of handlers and jobs."""


def blueprint(keys: PersonKeys) -> Blueprint:
    """`keys` open what is sealed for a person."""
    return Blueprint(
        name="feedback",
        title="Waymark feedback",
        database_name="feedback",
        metadata=Base.metadata,
        callers=CALLERS,
        routers=[checkins.routes, accesses.routes],
        views=(*VIEWS, *task_views.VIEWS, *access_views.VIEWS),
        facts=(*FACTS, *tasks.FACTS, erasing.ErasureReceipted),
        handlers=handlers,
        jobs=jobs,
        accesses=ACCESSES,
        person_keys=keys,
    )


def create_app(settings: FeedbackSettings, *, database: Database | None = None) -> FastAPI:
    """Raises `BadSealKey`."""
    keys = PersonKeys(PERSON_KEYS, Vault.from_setting(settings.seal_key))
    app = build(blueprint(keys), settings, database=database)
    views = app.state.hot_paths
    views[PREFIX] = Opened(views[PREFIX], keys)
    return app
