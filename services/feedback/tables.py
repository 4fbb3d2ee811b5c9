"""The base of feedback's tables, with those that the chassis needs."""

from shared import accesses, events, idempotency, sealing
from shared.db import TableBase, new_metadata


class Base(TableBase):
    """A table of feedback."""

    __abstract__ = True
    metadata = new_metadata()


EVENT_TABLES = events.define_tables(Base.metadata)
IDEMPOTENCY_KEYS = idempotency.define_table(Base.metadata)
ACCESS_LOG = accesses.define_table(Base.metadata)
PERSON_KEYS = sealing.define_table(Base.metadata)
