"""*Omat sivut* tells each person what waits for her, and nothing of what waits for others."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext

from tests import factories

pytestmark = pytest.mark.django_db


def waiting(client) -> dict[str, int]:
    """Label → number, as the page shows them."""
    return {one.label: one.number for one in client.get("/omat/").context["waiting"]}


def test_an_editor_sees_what_waits_in_her_own_organisation(as_user, ngo_editor, association, parish):
    factories.make_service(organisation=association)
    factories.make_service(organisation=parish)
    factories.make_organisation_message(association)
    factories.make_organisation_message(parish)
    own_page = gettext("Organisations' own pages to confirm")
    assert waiting(as_user(ngo_editor)) == {"Vahvistettavat palvelut": 1, own_page: 1, "Vastattavat viestit": 1}


def test_a_member_without_rights_is_told_that_nothing_waits(as_user, professional, parish):
    factories.make_service(organisation=parish)
    factories.make_organisation_message(parish)
    factories.make_join_request()
    assert waiting(as_user(professional)) == {}


def test_the_coordinator_sees_what_waits_for_a_coordinator(as_user, coordinator, association):
    factories.make_proposal(factories.make_service(organisation=association))
    factories.make_join_request()
    factories.make_join_request(email="toinen@example.org")
    found = waiting(as_user(coordinator))
    assert (found["Liittymispyynnöt"], found["Tarkistettavat tekstit"]) == (2, 1)


def test_the_desk_begins_with_the_same(as_user, coordinator):
    factories.make_join_request()
    page = as_user(coordinator).get("/hallinta/")
    assert [(one.label, one.number) for one in page.context["waiting"]] == [("Liittymispyynnöt", 1)]


def test_a_visitor_is_asked_to_sign_in(client):
    assert client.get("/omat/").status_code == 302


@pytest.mark.parametrize("role", ["ngo_editor", "coordinator"])
def test_it_costs_the_same_however_much_waits(role, request, as_user, association):
    client = as_user(request.getfixturevalue(role))

    def more() -> int:
        factories.make_proposal(factories.make_service(organisation=association))
        factories.make_organisation_message(association)
        factories.make_join_request(email=f"kysyja{factories.make_user().pk}@example.org")
        client.get("/omat/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/omat/").status_code == 200
        return len(asked)

    first = more()
    more()
    assert more() == first
