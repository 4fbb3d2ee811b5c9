"""All views of profile: what the gateway may read."""

from services.profile.accesses.views import access_log
from services.profile.assessments import views as assessments
from services.profile.baselines.views import VIEWS as BASELINES
from services.profile.consents.views import consents
from services.profile.credentials.views import credentials
from services.profile.crosswalks.migration_views import VIEWS as MIGRATIONS
from services.profile.crosswalks.views import skill_associations
from services.profile.experience.views import VIEWS as EXPERIENCE
from services.profile.expertise.views import experts
from services.profile.exports.views import exports
from services.profile.interpretations.views import interpretations
from services.profile.journal.views import VIEWS as JOURNAL
from services.profile.network.views import contacts, interactions, introductions
from services.profile.people.views import org_units, people
from services.profile.ratings.views import ratings
from services.profile.skill_tests.views import skill_tests
from services.profile.skills.growth_views import growth
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
    growth,
    source_weights,
    ratings,
    experts,
    skill_associations,
    *MIGRATIONS,
    skill_assertions,
    skill_tests,
    credentials,
    *EXPERIENCE,
    *BASELINES,
    *JOURNAL,
    consents,
    exports,
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
