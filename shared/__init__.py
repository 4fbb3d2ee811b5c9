"""The chassis under every service: no noun of the domain lives here."""
