"""Facts between services: stored with their cause, relayed to the broker, applied once by whoever listens.

publish → `outbox_event` and a job, in the business transaction → relay → JetStream →
inbox, in the transaction of the effect.
"""

from shared.events.asyncapi import asyncapi
from shared.events.facts import Fact, Incoming, Payload
from shared.events.handlers import Handlers
from shared.events.outbox import FactTooLarge, publish, publish_many
from shared.events.replay import catch_up, rebuild, tenants
from shared.events.retention import Retention
from shared.events.tables import EventTables, define_tables
from shared.events.tail import tail
from shared.events.worker import run_worker, worker

__all__ = [
    "EventTables",
    "Fact",
    "FactTooLarge",
    "Handlers",
    "Incoming",
    "Payload",
    "Retention",
    "asyncapi",
    "catch_up",
    "define_tables",
    "publish",
    "publish_many",
    "rebuild",
    "run_worker",
    "tail",
    "tenants",
    "worker",
]
