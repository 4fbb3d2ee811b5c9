"""python -m services.feedback api|worker."""

from services.feedback.app import create_app
from services.feedback.settings import FeedbackSettings
from shared.serve import main

if __name__ == "__main__":
    main(FeedbackSettings, create_app, "feedback")
