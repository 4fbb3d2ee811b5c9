"""Every table of this service, in one import for migrations and the application."""

from services.goals.crosswalks.models import Crosswalk, CrosswalkSkill, MovedRequirement
from services.goals.goals.models import Goal, GoalMilestone, GoalPolicy, GoalUpdate
from services.goals.learning.models import (
    LearningRecord,
    LearningResource,
    LearningSkill,
    LearningUnresolved,
)
from services.goals.people.models import (
    OrgUnit,
    Person,
    PersonIdentifier,
    Skill,
    SkillLevel,
    org_unit_tree,
    person_tree,
)
from services.goals.people.records import Credential, Experience, Expertise, ToldLevel
from services.goals.roles.models import Role, RoleFamily, RoleSkill, RoleVersion
from services.goals.tables import Base

__all__ = [
    "Base",
    "Credential",
    "Crosswalk",
    "CrosswalkSkill",
    "Experience",
    "Expertise",
    "Goal",
    "GoalMilestone",
    "GoalPolicy",
    "GoalUpdate",
    "LearningRecord",
    "LearningResource",
    "LearningSkill",
    "LearningUnresolved",
    "MovedRequirement",
    "OrgUnit",
    "Person",
    "PersonIdentifier",
    "Role",
    "RoleFamily",
    "RoleSkill",
    "RoleVersion",
    "Skill",
    "SkillLevel",
    "ToldLevel",
    "org_unit_tree",
    "person_tree",
]
