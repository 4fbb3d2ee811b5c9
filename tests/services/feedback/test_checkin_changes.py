"""The agenda says what changed since the last check-in."""

from shared.ids import new_id


async def shown(org, check_in_id, who="maya"):
    changes = (await org.call(who, "GET", f"/checkins/{check_in_id}")).json()["changes"]
    return [(each["kind"], each["title"], each["fromValue"], each["toValue"]) for each in changes]


async def named(org, skill_id, statement):
    await org.harness.deliver(
        "waymark.profile.skill.changed.v1", subject=skill_id, sequence=1,
        payload={"skillId": skill_id, "code": "S1", "statement": statement, "type": "TECHNICAL"},
    )  # fmt: skip


async def test_goals_milestones_learning_and_skills_stand_on_the_next_agenda(org):
    check_in = await org.schedule()
    goal_id, skill_id = new_id(), new_id()
    await named(org, skill_id, "Reviews code")

    await org.goal("progressed", goal_id=goal_id, title="Ship the importer", progress=0.4)
    await org.harness.deliver(
        "waymark.goals.milestone.completed.v1", subject=goal_id, sequence=org.sequence,
        payload={"goalId": goal_id, "personId": org.ids["ada"], "title": "Ship the importer",
                 "milestoneId": new_id(), "milestoneTitle": "First file read"},
    )  # fmt: skip
    await org.harness.deliver(
        "waymark.goals.learning_record.completed.v1", subject=new_id(), sequence=1,
        payload={"recordId": new_id(), "personId": org.ids["ada"], "title": "SQL in depth",
                 "state": "COMPLETED", "skills": []},
    )  # fmt: skip
    await org.harness.deliver(
        "waymark.profile.skill_estimate.changed.v1", subject=new_id(), sequence=4,
        payload={"personId": org.ids["ada"], "skillId": skill_id, "from": 2.0, "level": 2.6},
    )  # fmt: skip

    assert await shown(org, check_in["id"]) == [
        ("GOAL_PROGRESSED", "Ship the importer", None, 0.4),
        ("MILESTONE_COMPLETED", "First file read", None, None),
        ("LEARNING_COMPLETED", "SQL in depth", None, None),
        ("SKILL_CHANGED", "Reviews code", 2.0, 2.6),
    ]
    assert await shown(org, check_in["id"], "ada") == await shown(org, check_in["id"])


async def test_steps_of_one_thing_read_as_one_change_from_first_to_last(org):
    check_in = await org.schedule()
    subject, skill_id = new_id(), new_id()

    for sequence, (before, after) in enumerate([(1.0, 1.5), (1.5, 2.25), (2.25, 3.0)]):
        await org.harness.deliver(
            "waymark.profile.skill_estimate.changed.v1", subject=subject, sequence=sequence,
            payload={"personId": org.ids["ada"], "skillId": skill_id, "from": before,
                     "level": after},
        )  # fmt: skip

    assert await shown(org, check_in["id"]) == [("SKILL_CHANGED", "A skill", 1.0, 3.0)]

    await named(org, skill_id, "Reviews code")

    assert await shown(org, check_in["id"]) == [("SKILL_CHANGED", "Reviews code", 1.0, 3.0)]


async def test_a_held_check_in_keeps_its_changes_and_the_next_starts_anew(org):
    first = await org.schedule(cadence="WEEKLY")
    goal_id = new_id()
    await org.goal("progressed", goal_id=goal_id, title="Ship the importer", progress=0.4)
    for who, verb in (("ada", "hold"), ("maya", "acknowledge"), ("ada", "complete")):
        await org.step(who, first["id"], verb)

    await org.goal("progressed", goal_id=goal_id, title="Ship the importer", progress=0.7)
    await org.goal("achieved", goal_id=goal_id, title="Ship the importer", progress=1)

    (following,) = (await org.call("ada", "GET", "/checkins", params={"state": "SCHEDULED"})).json()
    assert await shown(org, first["id"]) == [("GOAL_PROGRESSED", "Ship the importer", None, 0.4)]
    assert await shown(org, following["id"]) == [
        ("GOAL_PROGRESSED", "Ship the importer", 0.4, 0.7),
        ("GOAL_CLOSED", "Ship the importer", None, 1.0),
    ]


async def test_the_same_event_twice_is_one_change_and_an_older_one_none(org):
    check_in = await org.schedule()
    goal_id, event_id = new_id(), new_id()
    snapshot = {"goalId": goal_id, "personId": org.ids["ada"], "title": "Ship it"}
    snapshot["state"] = "ACTIVE"

    for sequence, progress, known_as in (
        (5, 0.5, event_id),
        (5, 0.5, event_id),
        (4, 0.2, new_id()),
    ):
        await org.harness.deliver(
            "waymark.goals.goal.progressed.v1", subject=goal_id, sequence=sequence,
            payload=snapshot | {"progress": progress}, event_id=known_as,
        )  # fmt: skip

    assert await shown(org, check_in["id"]) == [("GOAL_PROGRESSED", "Ship it", None, 0.5)]


async def test_a_private_goal_is_not_shown_to_the_manager(org):
    check_in = await org.schedule()

    await org.goal(
        "progressed",
        goal_id=new_id(),
        title="Leave for the sea",
        progress=0.1,
        visibility="PRIVATE",
    )

    assert await shown(org, check_in["id"]) == []


async def test_a_goal_made_private_leaves_the_agenda_to_come(org):
    check_in = await org.schedule()
    goal_id = new_id()
    await org.goal("progressed", goal_id=goal_id, title="Leave for the sea", progress=0.1)

    await org.goal(
        "changed", goal_id=goal_id, title="Leave for the sea", progress=0.1, visibility="PRIVATE"
    )

    assert await shown(org, check_in["id"]) == []


async def test_what_was_said_before_a_goal_became_private_is_not_shown_when_told_late(org):
    check_in = await org.schedule()
    goal_id = new_id()
    org.sequence += 10
    await org.goal("changed", goal_id=goal_id, title="Sea", progress=0.1, visibility="PRIVATE")
    org.sequence -= 10

    await org.goal("progressed", goal_id=goal_id, title="Sea", progress=0.1)

    assert await shown(org, check_in["id"]) == []


async def test_changes_of_others_do_not_mix(org):
    adas = await org.schedule()
    coles = await org.schedule(by="cole")

    await org.goal("progressed", goal_id=new_id(), title="Ship it", progress=0.1)

    assert len(await shown(org, adas["id"])) == 1
    assert await shown(org, coles["id"]) == []


async def test_a_check_in_that_does_not_take_place_takes_no_changes_along(org):
    first = await org.schedule()
    await org.goal("progressed", goal_id=new_id(), title="Ship it", progress=0.1)

    await org.step("ada", first["id"], "cancel")
    second = await org.schedule()

    assert await shown(org, first["id"]) == []
    assert len(await shown(org, second["id"])) == 1
