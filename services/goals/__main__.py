"""`python -m services.goals api|worker`."""

from services.goals.app import create_app
from services.goals.settings import GoalsSettings
from shared.serve import main

main(GoalsSettings, create_app, "goals")
