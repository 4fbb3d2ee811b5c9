"""Deliveries: verified, stored, answered, then mapped to a fact that the services react to."""
