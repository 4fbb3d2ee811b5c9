"""The base of this service's tables, and those that every service has."""

from shared import accesses, events, idempotency
from shared.db import TableBase, new_metadata


class Base(TableBase):
    """All tables of the database `goals`."""

    __abstract__ = True
    metadata = new_metadata()


EVENT_TABLES = events.define_tables(Base.metadata)
IDEMPOTENCY_TABLE = idempotency.define_table(Base.metadata)
ACCESS_LOG = accesses.define_table(Base.metadata)
