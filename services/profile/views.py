"""All views of profile: what the gateway may read."""

from services.profile.accesses.views import access_log
from services.profile.assessments import views as assessments
from services.profile.baselines.views import VIEWS as BASELINES
from services.profile.consents.views import consents
from services.profile.credentials.views import credentials
from services.profile.crosswalks.views import skill_associations
from services.profile.experience.views import VIEWS as EXPERIENCE
from services.profile.expertise.views import experts
from services.profile.interpretations.views import interpretations
from services.profile.journal.views import VIEWS as JOURNAL
from services.profile.network.views import contacts, interactions, introductions
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
    *EXPERIENCE,
    *BASELINES,
    *JOURNAL,
    consents,
    assessments.instruments,
    assessments.sessions,
    assessments.skill_items,
    assessments.results,
    interpretations,
    access_log,
    contacts,
    interactions,
    introductions,
)
