"""All views of profile: what the gateway may read."""

from services.profile.consents.views import consents
from services.profile.credentials.views import credentials
from services.profile.crosswalks.views import skill_associations
from services.profile.expertise.views import experts
from services.profile.people.views import org_units, people
from services.profile.ratings.views import ratings
from services.profile.skills.level_views import skill_groups, skill_levels
from services.profile.skills.views import frameworks, skill_assertions, skills
from services.profile.weights.views import source_weights

VIEWS = (
    people,
    org_units,
    frameworks,
    skills,
    skill_levels,
    skill_groups,
    source_weights,
    ratings,
    experts,
    skill_associations,
    skill_assertions,
    credentials,
    consents,
)
