"""Which view shows each type, which edges cross to another service, and where queries start."""

from services.gateway.types.bindings import Bindings, Join, Root, ViewRef

PEOPLE = ViewRef("profile", "people")
SKILLS = ViewRef("profile", "skills")
GOALS = ViewRef("goals", "goals")
ROLES = ViewRef("goals", "roles")
GAPS = ViewRef("goals", "gaps")
ORG_UNITS = ViewRef("profile", "org_units")
LEARNING_RESOURCES = ViewRef("goals", "learning_resources")
LEARNING_RECORDS = ViewRef("goals", "learning_records")
CHECK_INS = ViewRef("feedback", "check_ins")
CHECK_INS_OF_PERSON = ViewRef("feedback", "check_ins_of_person")
TASKS = ViewRef("feedback", "tasks")

BINDINGS = Bindings(
    nouns={
        "Person": PEOPLE,
        "OrgUnit": ORG_UNITS,
        "SkillFramework": ViewRef("profile", "frameworks"),
        "Skill": SKILLS,
        "SkillLevel": ViewRef("profile", "skill_levels"),
        "SkillAssertion": ViewRef("profile", "skill_assertions"),
        "Role": ROLES,
        "RoleFamily": ViewRef("goals", "role_families"),
        "Goal": GOALS,
        "Milestone": ViewRef("goals", "milestones"),
        "LearningResource": LEARNING_RESOURCES,
        "LearningRecord": LEARNING_RECORDS,
        "CheckIn": CHECK_INS,
        "Task": TASKS,
    },
    joins={
        ("Person", "role"): Join(ROLES, key="roleId"),
        ("Person", "gap"): Join(GAPS, by="person"),
        ("Person", "goals"): Join(GOALS, by="person"),
        ("Person", "learning"): Join(LEARNING_RECORDS, by="person"),
        ("Person", "checkIns"): Join(CHECK_INS_OF_PERSON, by="person"),
        ("Person", "tasks"): Join(TASKS, by="person"),
        ("SkillRequirement", "skill"): Join(SKILLS, key="skillId"),
        ("ExpectedDelta", "skill"): Join(SKILLS, key="skillId"),
        ("GapItem", "skill"): Join(SKILLS, key="skillId"),
        ("GapBlocker", "skill"): Join(SKILLS, key="skillId"),
        ("Closer", "skill"): Join(SKILLS, key="skillId"),
        ("ClosingCourse", "resource"): Join(LEARNING_RESOURCES, key="resourceId"),
        ("ClosingMentor", "person"): Join(PEOPLE, key="personId"),
        ("ClosingGoal", "goal"): Join(GOALS, key="goalId"),
        ("RoleGapItem", "skill"): Join(SKILLS, key="skillId"),
        ("OrgUnit", "heatMap"): Join(ViewRef("goals", "heat_maps")),
        ("HeatMapSkill", "skill"): Join(SKILLS, key="skillId"),
        ("HeatMapCell", "orgUnit"): Join(ORG_UNITS, key="orgUnitId"),
        ("Goal", "skill"): Join(SKILLS, key="skillId"),
        ("Goal", "person"): Join(PEOPLE, key="personId"),
        ("CheckIn", "employee"): Join(PEOPLE, key="employeeId"),
        ("CheckIn", "manager"): Join(PEOPLE, key="managerId"),
        ("AgendaItem", "author"): Join(PEOPLE, key="authorId"),
        ("ActionItem", "owner"): Join(PEOPLE, key="ownerId"),
        ("CheckInChange", "goal"): Join(GOALS, key="goalId"),
        ("CheckInChange", "skill"): Join(SKILLS, key="skillId"),
        ("Task", "person"): Join(PEOPLE, key="personId"),
        ("Task", "goal"): Join(GOALS, key="goalId"),
    },
    roots={
        "viewer": Root(PEOPLE, by="viewer"),
        "person": Root(PEOPLE, by="id", key_argument="id"),
        "people": Root(PEOPLE),
        "orgUnit": Root(ORG_UNITS, by="id", key_argument="id"),
        "orgUnits": Root(ORG_UNITS),
        "framework": Root(ViewRef("profile", "frameworks"), by="id", key_argument="id"),
        "frameworks": Root(ViewRef("profile", "frameworks")),
        "skill": Root(SKILLS, by="id", key_argument="id"),
        "skills": Root(SKILLS),
        "role": Root(ROLES, by="id", key_argument="id"),
        "roles": Root(ROLES),
        "roleFamilies": Root(ViewRef("goals", "role_families")),
        "gap": Root(GAPS, by="person", key_argument="personId"),
        "roleGap": Root(ViewRef("goals", "role_gaps"), by="id", key_argument="toRoleId"),
        "goal": Root(GOALS, by="id", key_argument="id"),
        "goals": Root(GOALS, by="person", key_argument="personId"),
        "learningResources": Root(LEARNING_RESOURCES),
        "checkIn": Root(CHECK_INS, by="id", key_argument="id"),
        "checkIns": Root(CHECK_INS_OF_PERSON, by="person", key_argument="personId"),
        "task": Root(TASKS, by="id", key_argument="id"),
        "tasks": Root(TASKS),
    },
)
