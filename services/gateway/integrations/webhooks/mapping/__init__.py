"""From a vendor's payload to canonical facts: one module of pure functions a vendor."""

from collections.abc import Mapping

from services.gateway.integrations.connections.rules import Vendor
from services.gateway.integrations.webhooks.mapping import (
    bamboohr,
    canvas,
    docebo,
    generic,
    hibob,
    learning360,
    moodle,
    open_edx,
    personio,
)
from services.gateway.integrations.webhooks.mapping.terms import (
    FetchBack,
    Mapped,
    Mapper,
    Origin,
    Unmappable,
)

MAPPERS: Mapping[Vendor, Mapper] = {
    Vendor.GENERIC: generic.read,
    Vendor.LEARNING_360: learning360.read,
    Vendor.DOCEBO: docebo.read,
    Vendor.CANVAS: canvas.read,
    Vendor.MOODLE: moodle.read,
    Vendor.OPEN_EDX: open_edx.read,
    Vendor.BAMBOOHR: bamboohr.read,
    Vendor.HIBOB: hibob.read,
    Vendor.PERSONIO: personio.read,
}

__all__ = ["MAPPERS", "FetchBack", "Mapped", "Mapper", "Origin", "Unmappable"]
