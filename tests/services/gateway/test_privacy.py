"""Consents, networks and the access log through the graph."""

from services.gateway.types.ids import encode
from tests.services.gateway.conftest import Graph
from tests.services.gateway.organisation import Company, found

GRANT = """
  mutation ($input: GrantConsentInput!) {
    grantConsent(input: $input) {
      __typename
      ... on Consent { id scope purpose revokedAt subject { displayName } grantee { id } }
      ... on InvalidInput { errors { pointer } }
    }
  }"""
REVOKE = """
  mutation ($id: ID!) {
    revokeConsent(input: {consentId: $id}) { __typename ... on Consent { revokedAt } }
  }"""
MINE = "{ viewer { consents { id scope } receivedConsents { scope } } }"


def _person(company: Company, who: str) -> str:
    return encode("Person", company.keys[f"Person.{who}"])


async def test_a_consent_is_given_seen_by_both_and_taken_back(graph: Graph) -> None:
    company = await found(graph)
    wanted = {"scope": "EXPERTISE", "purpose": "Ask me", "personId": _person(company, "dev")}
    wanted["granteeId"] = _person(company, "chief")

    granted = (await graph.ask(GRANT, company.as_("dev"), input=wanted))["data"]["grantConsent"]
    foreign = (await graph.ask(GRANT, company.as_("peer"), input=wanted))["data"]["grantConsent"]
    mine = (await graph.ask(MINE, company.as_("dev")))["data"]["viewer"]
    theirs = (await graph.ask(MINE, company.as_("chief")))["data"]["viewer"]
    revoked = await graph.ask(REVOKE, company.as_("dev"), id=granted["id"])

    assert (granted["__typename"], foreign["__typename"]) == ("Consent", "NotFound")
    assert (granted["purpose"], granted["grantee"]["id"]) == ("Ask me", wanted["granteeId"])
    assert mine["consents"] == [{"id": granted["id"], "scope": "EXPERTISE"}]
    assert theirs == {"consents": [], "receivedConsents": [{"scope": "EXPERTISE"}]}
    assert revoked["data"]["revokeConsent"]["revokedAt"] is not None
    after = (await graph.ask(MINE, company.as_("chief")))["data"]["viewer"]
    assert after["receivedConsents"] == []


async def test_a_result_is_not_shared_with_who_leads_one(graph: Graph) -> None:
    company = await found(graph)
    wanted = {
        "scope": "ASSESSMENT_RESULT",
        "role": "MENTOR",
        "purpose": "Talk",
        "personId": _person(company, "dev"),
        "granteeId": _person(company, "lead"),
    }

    refused = (await graph.ask(GRANT, company.as_("dev"), input=wanted))["data"]["grantConsent"]

    assert refused == {"__typename": "InvalidInput", "errors": [{"pointer": "/granteeId"}]}


NETWORK = """
  {
    viewer {
      contacts { totalCount nodes { id name note version interactions { questions heldOn } } }
      interactions { nodes { contact { name } } }
    }
  }"""
ADD = """
  mutation ($input: AddContactInput!) {
    addContact(input: $input) { __typename ... on Contact { id name version } }
  }"""
RECORD = """
  mutation ($input: RecordInteractionInput!) {
    recordInteraction(input: $input) { __typename ... on Interaction { questions followUpOn } }
  }"""
CHANGE = """
  mutation ($input: UpdateContactInput!) {
    updateContact(input: $input) { __typename ... on Contact { note version } }
  }"""


async def test_a_network_is_kept_and_read_by_its_owner_alone(graph: Graph) -> None:
    company = await found(graph)
    dev = company.as_("dev")
    added = (await graph.ask(ADD, dev, input={"name": "Mary", "note": "Met"}))["data"]["addContact"]
    talk = {
        "contactId": added["id"],
        "purpose": "INFORMATION",
        "heldOn": "2026-03-01",
        "questions": "How is it?",
        "followUpOn": "2026-04-01",
    }
    recorded = (await graph.ask(RECORD, dev, input=talk))["data"]["recordInteraction"]
    change = {"contactId": added["id"], "expectedVersion": 1, "note": "Met twice"}
    changed = (await graph.ask(CHANGE, dev, input=change))["data"]["updateContact"]
    stale = (await graph.ask(CHANGE, dev, input=change))["data"]["updateContact"]

    assert (added["name"], added["version"]) == ("Mary", 1)
    assert recorded["questions"] == "How is it?"
    assert (changed["note"], changed["version"]) == ("Met twice", 2)
    assert stale["__typename"] == "StaleVersion"
    mine = (await graph.ask(NETWORK, dev))["data"]["viewer"]
    assert mine["contacts"]["nodes"] == [
        {
            "id": added["id"],
            "name": "Mary",
            "note": "Met twice",
            "version": 2,
            "interactions": [{"questions": "How is it?", "heldOn": "2026-03-01"}],
        }
    ]
    assert mine["interactions"]["nodes"] == [{"contact": {"name": "Mary"}}]
    by_node = "query ($id: ID!) { node(id: $id) { id } }"
    for other in ("lead", "chief", "peer", "partner"):
        seen = (await graph.ask(NETWORK, company.as_(other)))["data"]["viewer"]
        assert seen == {"contacts": {"totalCount": 0, "nodes": []}, "interactions": {"nodes": []}}
        node = await graph.ask(by_node, company.as_(other), id=added["id"])
        assert node["data"]["node"] is None


ASK = """
  mutation ($input: AskIntroductionInput!) {
    askIntroduction(input: $input) { __typename ... on Introduction { id state part } }
  }"""
ACCEPT = """
  mutation ($id: ID!) {
    acceptIntroduction(input: {introductionId: $id}) {
      __typename
      ... on Introduction { state part targetEmail requester { displayName } }
    }
  }"""


async def test_an_introduction_goes_through_the_graph(graph: Graph) -> None:
    company = await found(graph)
    parts = {"introducerId": _person(company, "peer"), "targetId": _person(company, "chief")}
    wanted = {**parts, "message": "Please"}
    asked = (await graph.ask(ASK, company.as_("dev"), input=wanted))["data"]["askIntroduction"]

    early = await graph.ask(ACCEPT, company.as_("chief"), id=asked["id"])
    offered = await graph.ask(ACCEPT, company.as_("peer"), id=asked["id"])
    met = await graph.ask(ACCEPT, company.as_("chief"), id=asked["id"])

    assert (asked["state"], asked["part"]) == ("ASKED", "REQUESTER")
    assert early["data"]["acceptIntroduction"]["__typename"] == "NotFound"
    assert offered["data"]["acceptIntroduction"]["state"] == "OFFERED"
    accepted = met["data"]["acceptIntroduction"]
    assert (accepted["state"], accepted["part"]) == ("ACCEPTED", "TARGET")
    assert accepted["targetEmail"] is not None


LEVELS = "{ viewer { directReports { nodes { skills { level } } } } }"
LOG = "{ viewer { accessLog { nodes { what via times person { displayName } } } } }"


async def test_who_looked_stands_in_ones_access_log(graph: Graph) -> None:
    company = await found(graph)
    seen = await graph.ask(LEVELS, company.as_("lead"))
    shown = [each["skills"] for each in seen["data"]["viewer"]["directReports"]["nodes"]]
    await graph.profile.service.access_log.write()

    entries = (await graph.ask(LOG, company.as_("dev")))["data"]["viewer"]["accessLog"]["nodes"]

    assert [each for each in shown if each] != [[]]
    assert [(each["what"], each["via"], each["times"]) for each in entries] == [
        ("SKILL_LEVELS", "MANAGER", 1)
    ]
    assert entries[0]["person"]["displayName"] is not None
