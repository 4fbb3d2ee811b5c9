"""`python -m services.gateway api|worker`."""

from services.gateway.app import SETTINGS, create_app
from shared.serve import main

if __name__ == "__main__":
    main(SETTINGS, create_app, "gateway")
