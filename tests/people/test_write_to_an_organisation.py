"""The contact form of an organisation: no login, no client data, and it reaches somebody."""

import pytest

from network.models import OrganisationMessage
from network.people.forms import OrganisationMessageForm
from tests import factories

pytestmark = pytest.mark.django_db

PAGE = "/verkosto/esimerkkiyhdistys/viesti/"


def typed(**more: str) -> dict[str, str]:
    return {"body": "Onko tilaa?", "form_key": OrganisationMessageForm.fresh_key()} | more


def test_anybody_writes_and_the_editors_get_it(client, association, ngo_editor, mailbox):
    answer = client.post(PAGE, typed(sender_email="me@example.org"))
    assert answer.status_code == 302
    assert client.get(answer.url).status_code == 200
    message = OrganisationMessage.objects.get()
    assert (message.organisation, message.sender_email) == (association, "me@example.org")
    assert [one.address for one in mailbox] == [ngo_editor.email]


def test_without_an_editor_the_coordinator_gets_it(client, association, coordinator, mailbox):
    client.post(PAGE, typed())
    assert [one.address for one in mailbox] == [coordinator.email]
    assert OrganisationMessage.objects.get().escalated_at is not None


def test_sent_twice_it_is_one(client, association, ngo_editor, mailbox):
    form = typed()
    assert client.post(PAGE, form).url == client.post(PAGE, form).url
    assert OrganisationMessage.objects.count() == len(mailbox) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": ""},
        {"body": "Asiakas 131052-308T"},
        {"sender_name": "131052-308T"},
        {"sender_email": "ei osoite"},
        {"body": "x" * 3001},
        {"homepage_of_sender": "x"},
        {"form_key": "väärä"},
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_lost_or_sent(client, association, ngo_editor, mailbox, wrong):
    answer = client.post(PAGE, typed(sender_name="Kysyjä") | wrong)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert wrong.get("sender_name", "Kysyjä") in answer.content.decode()
    assert not OrganisationMessage.objects.exists()
    assert len(mailbox) == 0


def test_the_form_warns_against_client_data(client, association):
    from network.guards import CLIENT_DATA_WARNING

    assert str(CLIENT_DATA_WARNING) in client.get(PAGE).content.decode()


def test_one_client_writes_five_times_an_hour(client, association):
    assert [client.post(PAGE, typed()).status_code for _n in range(6)] == [302] * 5 + [200]
    assert client.post(PAGE, typed(), REMOTE_ADDR="192.0.2.9").status_code == 302


def test_there_is_no_form_for_what_is_not_there(client):
    factories.make_organisation(slug="loppunut", active_until="2020-01-01")
    for slug in ("loppunut", "olematon"):
        assert client.get(f"/verkosto/{slug}/viesti/").status_code == 404
        assert client.post(f"/verkosto/{slug}/viesti/", typed()).status_code == 404


def test_the_organisations_page_leads_to_the_form_and_has_none_itself(client, association):
    page = client.get("/verkosto/esimerkkiyhdistys/").content.decode()
    assert PAGE in page
    assert "<form" not in page.split("<main")[1].split("</main")[0]
