from services.profile.app import create_app
from services.profile.settings import ProfileSettings
from shared.serve import main

main(ProfileSettings, create_app, "profile")
