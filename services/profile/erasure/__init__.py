"""Erasing a person: the order, the receipts of all services, and profile's own part."""
