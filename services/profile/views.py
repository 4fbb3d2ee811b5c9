"""All views of profile: what the gateway may read."""

from services.profile.assessments import views as assessments
from services.profile.consents.views import consents
from services.profile.credentials.views import credentials
from services.profile.people.views import org_units, people
from services.profile.skills.views import frameworks, skill_assertions, skill_levels, skills

VIEWS = (
    people,
    org_units,
    frameworks,
    skills,
    skill_levels,
    skill_assertions,
    credentials,
    consents,
    assessments.instruments,
    assessments.sessions,
    assessments.skill_items,
    assessments.results,
)
