"""Which view shows each type, which edges cross to another service, and where queries start."""

from services.gateway.types.bindings import Bindings, Join, Root, Spread, ViewRef

PEOPLE = ViewRef("profile", "people")
SKILLS = ViewRef("profile", "skills")
FRAMEWORKS = ViewRef("profile", "frameworks")
INSTRUMENTS = ViewRef("profile", "instruments")
MIGRATIONS = ViewRef("profile", "framework_migrations")
GOALS = ViewRef("goals", "goals")
ROLES = ViewRef("goals", "roles")
GAPS = ViewRef("goals", "gaps")
ORG_UNITS = ViewRef("profile", "org_units")
LEARNING_RESOURCES = ViewRef("goals", "learning_resources")
LEARNING_RECORDS = ViewRef("goals", "learning_records")
UNUSED_SKILLS = ViewRef("goals", "unused_skills")
CROSSWALKS = ViewRef("goals", "crosswalks")
CHECK_INS = ViewRef("feedback", "check_ins")
CHECK_INS_OF_PERSON = ViewRef("feedback", "check_ins_of_person")
TASKS = ViewRef("feedback", "tasks")
ACCESS_LOG = Spread("access_log", ("profile", "goals", "feedback"))
RATINGS = ViewRef("profile", "ratings")
CREDENTIALS = ViewRef("profile", "credentials")
EXPERIENCE = ViewRef("profile", "experience")
INTERACTIONS = ViewRef("profile", "interactions")
INTRODUCTIONS = ViewRef("profile", "introductions")

BINDINGS = Bindings(
    nouns={
        "Person": PEOPLE,
        "OrgUnit": ORG_UNITS,
        "SkillFramework": FRAMEWORKS,
        "Skill": SKILLS,
        "SkillLevel": ViewRef("profile", "skill_levels"),
        "SkillAssertion": ViewRef("profile", "skill_assertions"),
        "Instrument": INSTRUMENTS,
        "AssessmentSession": ViewRef("profile", "assessment_sessions"),
        "AssessmentResult": ViewRef("profile", "assessment_results"),
        "Access": ACCESS_LOG,
        "Contact": ViewRef("profile", "contacts"),
        "Interaction": INTERACTIONS,
        "Introduction": INTRODUCTIONS,
        "Export": ViewRef("profile", "exports"),
        "Consent": ViewRef("profile", "consents"),
        "Experience": EXPERIENCE,
        "Credential": CREDENTIALS,
        "SkillTest": ViewRef("profile", "skill_tests"),
        "Baseline": ViewRef("profile", "baselines"),
        "Reflection": ViewRef("profile", "reflections"),
        "JournalNote": ViewRef("profile", "notes"),
        "Aspiration": ViewRef("profile", "aspirations"),
        "Insight": ViewRef("profile", "insights"),
        "FrameworkMigration": MIGRATIONS,
        "SkillAssociation": ViewRef("profile", "skill_associations"),
        "Rating": RATINGS,
        "SourceWeights": ViewRef("profile", "source_weights"),
        "Role": ROLES,
        "RoleFamily": ViewRef("goals", "role_families"),
        "Crosswalk": CROSSWALKS,
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
        ("Person", "growth"): Join(ViewRef("profile", "growth"), by="person"),
        ("SkillGrowth", "skill"): Join(SKILLS, key="skillId"),
        ("Person", "unusedSkills"): Join(UNUSED_SKILLS, by="person"),
        ("UnusedSkill", "skill"): Join(SKILLS, key="skillId"),
        ("Person", "goals"): Join(GOALS, by="person"),
        ("Person", "learning"): Join(LEARNING_RECORDS, by="person"),
        ("Person", "checkIns"): Join(CHECK_INS_OF_PERSON, by="person"),
        ("Person", "tasks"): Join(TASKS, by="person"),
        ("AssessmentSession", "person"): Join(PEOPLE, key="personId"),
        ("AssessmentSession", "assigner"): Join(PEOPLE, key="assignedBy"),
        ("AssessmentResult", "person"): Join(PEOPLE, key="personId"),
        ("SkillItem", "skill"): Join(SKILLS, key="skillId"),
        ("SkillGroupPart", "skill"): Join(SKILLS, key="skillId"),
        ("Rating", "person"): Join(PEOPLE, key="personId"),
        ("Rating", "rater"): Join(PEOPLE, key="raterId"),
        ("Rating", "askedBy"): Join(PEOPLE, key="askedById"),
        ("RatingItem", "skill"): Join(SKILLS, key="skillId"),
        ("SourceWeights", "changedBy"): Join(PEOPLE, key="changedById"),
        ("Person", "accessLog"): Join(ACCESS_LOG, by="person"),
        ("Access", "person"): Join(PEOPLE, key="readerId"),
        ("FrameworkMigration", "startedBy"): Join(PEOPLE, key="startedById"),
        ("MigratedSkill", "skill"): Join(SKILLS, key="skillId"),
        ("MigrationTarget", "skill"): Join(SKILLS, key="skillId"),
        ("Contact", "person"): Join(PEOPLE, key="contactPersonId"),
        ("Introduction", "requester"): Join(PEOPLE, key="requesterId"),
        ("Introduction", "introducer"): Join(PEOPLE, key="introducerId"),
        ("Introduction", "target"): Join(PEOPLE, key="targetId"),
        ("Consent", "subject"): Join(PEOPLE, key="subjectId"),
        ("Consent", "grantee"): Join(PEOPLE, key="granteeId"),
        ("Experience", "verifiedBy"): Join(PEOPLE, key="verifiedById"),
        ("ExperienceSkill", "skill"): Join(SKILLS, key="skillId"),
        ("SkillTest", "skill"): Join(SKILLS, key="skillId"),
        ("Aspiration", "role"): Join(ROLES, key="roleId"),
        ("SkillRequirement", "skill"): Join(SKILLS, key="skillId"),
        ("ExpectedDelta", "skill"): Join(SKILLS, key="skillId"),
        ("GapItem", "skill"): Join(SKILLS, key="skillId"),
        ("GapBlocker", "skill"): Join(SKILLS, key="skillId"),
        ("Closer", "skill"): Join(SKILLS, key="skillId"),
        ("ClosingCourse", "resource"): Join(LEARNING_RESOURCES, key="resourceId"),
        ("ClosingMentor", "person"): Join(PEOPLE, key="personId"),
        ("ClosingGoal", "goal"): Join(GOALS, key="goalId"),
        ("RoleGapItem", "skill"): Join(SKILLS, key="skillId"),
        ("Crosswalk", "fromFramework"): Join(FRAMEWORKS, key="fromId"),
        ("Crosswalk", "toFramework"): Join(FRAMEWORKS, key="toId"),
        ("CrosswalkRequirement", "skill"): Join(SKILLS, key="skillId"),
        ("CrosswalkRequirement", "target"): Join(SKILLS, key="targetId"),
        ("CrosswalkRelation", "skill"): Join(SKILLS, key="skillId"),
        ("OrgUnit", "heatMap"): Join(ViewRef("goals", "heat_maps", patient=True)),
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
        ("Task", "rating"): Join(RATINGS, key="ratingId"),
        ("Task", "credential"): Join(CREDENTIALS, key="credentialId"),
        ("Task", "experience"): Join(EXPERIENCE, key="experienceId"),
        ("Task", "interaction"): Join(INTERACTIONS, key="interactionId"),
        ("Task", "introduction"): Join(INTRODUCTIONS, key="introductionId"),
    },
    roots={
        "viewer": Root(PEOPLE, by="viewer"),
        "person": Root(PEOPLE, by="id", key_argument="id"),
        "people": Root(PEOPLE),
        "orgUnit": Root(ORG_UNITS, by="id", key_argument="id"),
        "orgUnits": Root(ORG_UNITS),
        "framework": Root(FRAMEWORKS, by="id", key_argument="id"),
        "frameworks": Root(FRAMEWORKS),
        "skill": Root(SKILLS, by="id", key_argument="id"),
        "skills": Root(SKILLS),
        "reflectionPrompts": Root(ViewRef("profile", "reflection_prompts")),
        "instrument": Root(INSTRUMENTS, by="first"),
        "instruments": Root(INSTRUMENTS),
        "migrationPreview": Root(
            ViewRef("profile", "migration_previews"), by="id", key_argument="fromFrameworkId"
        ),
        "migration": Root(MIGRATIONS, by="id", key_argument="id"),
        "migrations": Root(MIGRATIONS, by="framework", key_argument="frameworkId"),
        "experts": Root(ViewRef("profile", "experts")),
        "sourceWeights": Root(ViewRef("profile", "source_weights")),
        "rating": Root(RATINGS, by="id", key_argument="id"),
        "role": Root(ROLES, by="id", key_argument="id"),
        "roles": Root(ROLES),
        "roleFamilies": Root(ViewRef("goals", "role_families")),
        "gap": Root(GAPS, by="person", key_argument="personId"),
        "customGap": Root(ViewRef("goals", "custom_gaps"), by="person", key_argument="personId"),
        "roleGap": Root(ViewRef("goals", "role_gaps"), by="id", key_argument="toRoleId"),
        "crosswalks": Root(CROSSWALKS),
        "nearestRoles": Root(ViewRef("goals", "nearest_roles")),
        "goal": Root(GOALS, by="id", key_argument="id"),
        "goals": Root(GOALS, by="person", key_argument="personId"),
        "learningResources": Root(LEARNING_RESOURCES),
        "checkIn": Root(CHECK_INS, by="id", key_argument="id"),
        "checkIns": Root(CHECK_INS_OF_PERSON, by="person", key_argument="personId"),
        "task": Root(TASKS, by="id", key_argument="id"),
        "tasks": Root(TASKS),
        "accessLog": Root(ACCESS_LOG, by="person", key_argument="personId"),
    },
)
