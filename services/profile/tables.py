"""The base of profile's tables, with those that every service has for its events and its idempotent writes."""

from shared import accesses, events, idempotency
from shared.db import TableBase, new_metadata


class Base(TableBase):
    """Profile's own metadata."""

    __abstract__ = True
    metadata = new_metadata()


events.define_tables(Base.metadata)
idempotency.define_table(Base.metadata)
ACCESS_LOG = accesses.define_table(Base.metadata)
