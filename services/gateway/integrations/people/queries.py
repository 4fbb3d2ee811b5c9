"""Who is calling."""

from sqlalchemy import Text, bindparam, select

from services.gateway.integrations.people.models import GrantHolder
from shared.callers import Callers

CALLERS = Callers(
    select(GrantHolder.id, GrantHolder.grants)
    .where(GrantHolder.subject == bindparam("subject", type_=Text, required=False))
    .order_by(GrantHolder.id)
)
"""Who calls; a person without a grant is nobody here."""
