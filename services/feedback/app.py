"""Feedback as an application."""

from fastapi import FastAPI

from services.feedback.checkins import changes, deadlines, pairs
from services.feedback.checkins import routes as checkins
from services.feedback.checkins.events import FACTS
from services.feedback.checkins.views import VIEWS
from services.feedback.people import events as people
from services.feedback.people.queries import CALLERS
from services.feedback.registry import handlers, jobs
from services.feedback.settings import FeedbackSettings
from services.feedback.tables import Base
from shared.app import build
from shared.db import Database
from shared.service import Blueprint

SETTINGS = FeedbackSettings
LISTENERS = (people, pairs, changes, deadlines)
"""Importing them has filled the registries of handlers and jobs."""


def blueprint(_settings: FeedbackSettings) -> Blueprint:
    return Blueprint(
        name="feedback",
        title="Waymark feedback",
        database_name="feedback",
        metadata=Base.metadata,
        callers=CALLERS,
        routers=[checkins.routes],
        views=VIEWS,
        facts=FACTS,
        handlers=handlers,
        jobs=jobs,
    )


def create_app(settings: FeedbackSettings, *, database: Database | None = None) -> FastAPI:
    return build(blueprint(settings), settings, database=database)
