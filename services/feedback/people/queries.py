"""Who is calling."""

from sqlalchemy import Text, bindparam, select

from services.feedback.people.models import TERMINATED, Person
from shared.callers import Callers

CALLERS = Callers(
    select(Person.id, Person.grants)
    .where(
        Person.subject == bindparam("subject", type_=Text, required=False),
        Person.status != TERMINATED,
    )
    .order_by(Person.id)
)
"""Who calls, in this service's own copy. Private manager notes have a row-level policy of their own that reads the
person whom this sets: whatever a query forgets, a note shows itself to its author only."""
