"""How each vendor is asked: one module a vendor, which asks, and maps with pure functions."""

from collections.abc import Mapping

from services.gateway.integrations.connections.rules import Vendor
from services.gateway.integrations.fetching.vendors import (
    bamboohr,
    canvas,
    docebo,
    hibob,
    learning360,
    moodle,
    personio,
)
from services.gateway.integrations.fetching.vendors.terms import (
    Client,
    Record,
    VendorApi,
    departed,
)

APIS: Mapping[Vendor, VendorApi] = {
    Vendor.BAMBOOHR: bamboohr.API,
    Vendor.HIBOB: hibob.API,
    Vendor.PERSONIO: personio.API,
    Vendor.DOCEBO: docebo.API,
    Vendor.CANVAS: canvas.API,
    Vendor.LEARNING_360: learning360.API,
    Vendor.MOODLE: moodle.API,
}

__all__ = ["APIS", "Client", "Record", "VendorApi", "departed"]
