"""Which view shows each type, which edges cross to another service, and where queries start."""

from services.gateway.types.bindings import Bindings, Join, Root, ViewRef

PEOPLE = ViewRef("profile", "people")
SKILLS = ViewRef("profile", "skills")
INSTRUMENTS = ViewRef("profile", "instruments")
GOALS = ViewRef("goals", "goals")
ROLES = ViewRef("goals", "roles")
GAPS = ViewRef("goals", "gaps")
LEARNING_RECORDS = ViewRef("goals", "learning_records")
CHECK_INS = ViewRef("feedback", "check_ins")
CHECK_INS_OF_PERSON = ViewRef("feedback", "check_ins_of_person")
TASKS = ViewRef("feedback", "tasks")

BINDINGS = Bindings(
    nouns={
        "Person": PEOPLE,
        "OrgUnit": ViewRef("profile", "org_units"),
        "SkillFramework": ViewRef("profile", "frameworks"),
        "Skill": SKILLS,
        "SkillLevel": ViewRef("profile", "skill_levels"),
        "SkillAssertion": ViewRef("profile", "skill_assertions"),
        "Instrument": INSTRUMENTS,
        "AssessmentSession": ViewRef("profile", "assessment_sessions"),
        "AssessmentResult": ViewRef("profile", "assessment_results"),
        "Consent": ViewRef("profile", "consents"),
        "Role": ROLES,
        "RoleFamily": ViewRef("goals", "role_families"),
        "Goal": GOALS,
        "Milestone": ViewRef("goals", "milestones"),
        "LearningResource": ViewRef("goals", "learning_resources"),
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
        ("AssessmentSession", "person"): Join(PEOPLE, key="personId"),
        ("AssessmentSession", "assigner"): Join(PEOPLE, key="assignedBy"),
        ("AssessmentResult", "person"): Join(PEOPLE, key="personId"),
        ("SkillItem", "skill"): Join(SKILLS, key="skillId"),
        ("Consent", "subject"): Join(PEOPLE, key="subjectId"),
        ("Consent", "grantee"): Join(PEOPLE, key="granteeId"),
        ("SkillRequirement", "skill"): Join(SKILLS, key="skillId"),
        ("ExpectedDelta", "skill"): Join(SKILLS, key="skillId"),
        ("GapItem", "skill"): Join(SKILLS, key="skillId"),
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
        "orgUnit": Root(ViewRef("profile", "org_units"), by="id", key_argument="id"),
        "orgUnits": Root(ViewRef("profile", "org_units")),
        "framework": Root(ViewRef("profile", "frameworks"), by="id", key_argument="id"),
        "frameworks": Root(ViewRef("profile", "frameworks")),
        "skill": Root(SKILLS, by="id", key_argument="id"),
        "skills": Root(SKILLS),
        "instrument": Root(INSTRUMENTS, by="first"),
        "instruments": Root(INSTRUMENTS),
        "role": Root(ROLES, by="id", key_argument="id"),
        "roles": Root(ROLES),
        "roleFamilies": Root(ViewRef("goals", "role_families")),
        "gap": Root(GAPS, by="person", key_argument="personId"),
        "goal": Root(GOALS, by="id", key_argument="id"),
        "goals": Root(GOALS, by="person", key_argument="personId"),
        "learningResources": Root(ViewRef("goals", "learning_resources")),
        "checkIn": Root(CHECK_INS, by="id", key_argument="id"),
        "checkIns": Root(CHECK_INS_OF_PERSON, by="person", key_argument="personId"),
        "task": Root(TASKS, by="id", key_argument="id"),
        "tasks": Root(TASKS),
    },
)
