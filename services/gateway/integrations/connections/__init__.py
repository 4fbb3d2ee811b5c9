"""A tenant's links to an LMS or HRIS: kind, vendor, verifier, two secrets, state."""
