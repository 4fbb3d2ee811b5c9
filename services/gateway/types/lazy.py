"""Types that others name before they are there."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from services.gateway.types.person import Person

LazyPerson = Annotated["Person", strawberry.lazy("services.gateway.types.person")]
