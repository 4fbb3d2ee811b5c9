"""A typed client, generated in this run from the committed schema, against the real gateway and services."""

from datetime import UTC, date, datetime

from services.gateway.types.ids import encode
from tests.contract.conftest import FrontEnd


async def test_a_dashboard_shows_one_person_with_all_that_three_services_know(
    front_end: FrontEnd,
) -> None:
    api = front_end.api

    viewer = (await front_end.run("dev", "Dashboard")).viewer

    assert (viewer.display_name, viewer.status) == ("Dev", api.PersonStatus.ACTIVE)
    assert viewer.hire_date is None
    assert viewer.manager.display_name == "Lead"
    assert (viewer.role.title, viewer.role.track, viewer.role.level) == (
        "Weaver",
        api.RoleTrack.MANAGEMENT,
        1,
    )
    assert [(s.skill.statement, s.level, s.self_level) for s in viewer.skills] == [
        ("Craft 0", 2.5, 4.0),
        ("Craft 1", 5.0, None),
    ]
    (widest,) = viewer.gap.items
    assert (viewer.gap.readiness, viewer.gap.unassessed_share) == (0.625, 0.936073059)
    assert (widest.skill.statement, widest.status) == ("Craft 2", api.GapStatus.GAP)
    assert (widest.required, widest.as_is, widest.gap) == (3.0, 1.25, 1.75)
    assert [(g.title, g.state, g.progress, g.due_date) for g in viewer.goals.nodes] == [
        ("Leave", api.GoalState.DRAFT, 0.0, None),
        ("A part", api.GoalState.DRAFT, 0.0, None),
        ("Weave a carpet", api.GoalState.ACTIVE, 0.5, date(2099, 12, 31)),
    ]
    assert [(m.title, m.state) for m in viewer.goals.nodes[2].milestones] == [
        ("Learn", api.MilestoneState.DONE),
        ("Weave", api.MilestoneState.PENDING),
    ]
    assert [c.scheduled_for for c in viewer.check_ins.nodes] == [
        datetime(2031, 4, 4, 10, tzinfo=UTC),
        datetime(2031, 3, 4, 10, tzinfo=UTC),
    ]
    assert {c.manager.id for c in viewer.check_ins.nodes} == {viewer.manager.id}


async def test_a_list_of_enum_values_narrows_what_is_shown(front_end: FrontEnd) -> None:
    api = front_end.api

    answer = await front_end.run(
        "dev",
        "Dashboard",
        goal_states=[api.GoalState.ACTIVE, api.GoalState.ACHIEVED],
        check_in_states=[api.CheckInState.HELD],
    )

    assert [goal.title for goal in answer.viewer.goals.nodes] == ["Weave a carpet"]
    assert (answer.viewer.goals.total_count, answer.viewer.check_ins.total_count) == (1, 0)


async def test_a_service_that_is_away_leaves_a_dashboard_that_the_types_still_fit(
    front_end: FrontEnd,
) -> None:
    front_end.company.graph.services["goals"].away = True

    whole = await front_end.send("dev", "Dashboard")

    viewer = front_end.read("Dashboard", whole).viewer
    assert (viewer.display_name, viewer.check_ins.total_count) == ("Dev", 2)
    assert (viewer.role, viewer.gap, viewer.goals) == (None, None, None)
    assert sorted((error["path"], error["extensions"]["code"]) for error in whole["errors"]) == [
        (["viewer", name], "SERVICE_UNAVAILABLE") for name in ("gap", "goals", "role")
    ]


async def test_pages_of_people_follow_each_other_by_cursor_and_end(front_end: FrontEnd) -> None:
    order = front_end.api.PersonOrder.NAME
    names: list[list[str]] = []
    after = None

    while len(names) < 5:
        page = (
            await front_end.run("chief", "PeoplePage", first=2, after=after, order_by=order)
        ).people
        names.append([edge.node.display_name for edge in page.edges])
        assert page.total_count == 5
        assert page.page_info.end_cursor == page.edges[-1].cursor
        if not page.page_info.has_next_page:
            break
        after = page.page_info.end_cursor

    assert names == [["Chief", "Dev"], ["Lead", "Partner"], ["Peer"]]


async def test_a_filter_is_an_input_whose_fields_may_be_left_out(front_end: FrontEnd) -> None:
    api = front_end.api
    unit = encode("OrgUnit", front_end.company.keys["OrgUnit.eng"])

    found = [
        (await front_end.run("chief", "PeoplePage", first=9, filter=wanted)).people
        for wanted in (
            api.PersonFilter(org_unit_id=unit),
            api.PersonFilter(search="ee", status=api.PersonStatus.ACTIVE),
            None,
        )
    ]

    assert [[edge.node.display_name for edge in page.edges] for page in found] == [
        ["Dev", "Lead", "Peer"],
        ["Peer"],
        ["Chief", "Dev", "Lead", "Partner", "Peer"],
    ]


async def test_a_goal_is_written_proposed_and_started_by_those_who_may(
    front_end: FrontEnd,
) -> None:
    api = front_end.api
    smart = api.SmartInput(
        specific="Dye ten skeins of wool for the carpet, on my own.",
        measure=api.MeasureInput(metric="Skeins", amount_type=api.AmountType.NUMBER, target=10),
        time_bound=api.TimeBoundInput(due_date=date(2099, 6, 30)),
    )
    wanted = api.CreateGoalInput(title="Dye wool", smart=smart, kind=api.GoalKind.DEVELOPMENT)

    goal = (await front_end.run("dev", "CreateGoal", input=wanted)).create_goal
    step = api.GoalStepInput(goal_id=goal.id, expected_version=goal.version)
    proposed = (await front_end.run("dev", "ProposeGoal", input=step)).propose_goal
    step = api.GoalStepInput(goal_id=goal.id, expected_version=proposed.version)
    started = (await front_end.run("lead", "ActivateGoal", input=step)).activate_goal

    assert (goal.typename, goal.title, goal.state) == ("Goal", "Dye wool", api.GoalState.DRAFT)
    assert {finding.letter: finding.passed for finding in goal.smart_verdict} == dict.fromkeys(
        "SMART", True
    )
    assert [(g.id, g.version, g.state) for g in (goal, proposed, started)] == [
        (goal.id, 1, api.GoalState.DRAFT),
        (goal.id, 2, api.GoalState.PROPOSED),
        (goal.id, 3, api.GoalState.ACTIVE),
    ]


async def test_what_could_not_be_done_is_a_member_of_the_result_and_changes_nothing(
    front_end: FrontEnd,
) -> None:
    api, keys = front_end.api, front_end.company.keys
    carpet, led = encode("Goal", keys["Goal.carpet"]), encode("Goal", keys["Goal.led"])
    before = (await front_end.run("dev", "Anything", id=carpet)).node

    wrong = await front_end.run(
        "dev", "CreateGoal", input=api.CreateGoalInput(title="", priority=11)
    )
    refused = [
        (
            await front_end.run(
                "dev",
                "ActivateGoal",
                input=api.GoalStepInput(goal_id=goal, expected_version=version),
            )
        ).activate_goal
        for goal, version in ((carpet, 1), (carpet, before.version), (led, 1))
    ]

    assert isinstance(wrong.create_goal, api.CreateGoalInvalidInputInlineFragment)
    assert sorted(field.pointer for field in wrong.create_goal.errors) == ["/priority", "/title"]
    assert [type(problem) for problem in refused] == [
        api.ActivateGoalStaleVersionInlineFragment,
        api.ActivateGoalStateTransitionInlineFragment,
        api.ActivateGoalNotFoundInlineFragment,
    ]
    assert refused[1].allowed == ["CANCEL", "CLOSE", "HOLD"]
    assert (await front_end.run("dev", "Anything", id=carpet)).node == before


async def test_an_id_leads_back_to_the_type_that_it_came_from(front_end: FrontEnd) -> None:
    api, keys = front_end.api, front_end.company.keys
    lead, carpet, talk, role, led = (
        encode(name.split(".")[0], keys[name])
        for name in ("Person.lead", "Goal.carpet", "CheckIn.first", "Role.weaver", "CheckIn.led")
    )

    one = (await front_end.run("dev", "Anything", id=carpet)).node
    many = (await front_end.run("dev", "Several", ids=[lead, carpet, talk, role, led, lead])).nodes

    assert isinstance(one, api.AnythingNodeBaseGoal)
    assert isinstance(one, api.GoalCard)
    assert (one.id, one.title, one.progress) == (carpet, "Weave a carpet", 0.5)
    assert [type(node) for node in many] == [
        api.SeveralNodesBasePerson,
        api.SeveralNodesBaseGoal,
        api.SeveralNodesBaseCheckIn,
        api.SeveralNodesBaseRole,
        type(None),
        api.SeveralNodesBasePerson,
    ]
    assert [node.id for node in many if node] == [lead, carpet, talk, role, lead]
    assert many[2].scheduled_for == datetime(2031, 3, 4, 10, tzinfo=UTC)


async def test_words_to_search_for_are_never_read_as_anything_else(front_end: FrontEnd) -> None:
    api = front_end.api
    words = ("' OR '1'='1", "'; DROP TABLE person; --", "$1", ":tenant", "%", "_", "\\", 'Quote "')

    found = {
        word: [
            edge.node.display_name
            for edge in (
                await front_end.run(
                    "chief", "PeoplePage", first=9, filter=api.PersonFilter(search=word)
                )
            ).people.edges
        ]
        for word in words
    }

    assert found == {word: [] for word in words} | {"\\": ["Dev"], 'Quote "': ["Dev"]}
    assert (await front_end.run("chief", "PeoplePage", first=1)).people.total_count == 5
