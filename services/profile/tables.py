"""The base of profile's tables, with those that the chassis needs."""

from shared import events, idempotency, sealing
from shared.db import TableBase, new_metadata


class Base(TableBase):
    """Profile's own metadata."""

    __abstract__ = True
    metadata = new_metadata()


events.define_tables(Base.metadata)
idempotency.define_table(Base.metadata)
PERSON_KEYS = sealing.define_table(Base.metadata)
