"""A member, a guest or a contact person asks for an expert – without choosing one, if she likes."""

import re

import pytest

from experts.models import ActivitySettings, ExpertTheme, FeeModelVersion, GuideVersion, Offer, Order, TaskType
from network.models import Membership

from ..factories import make_membership, make_service, make_user
from ..meetings.factories import make_item, make_meeting
from .factories import make_profile
from .test_answers_at_once import order_data

pytestmark = pytest.mark.django_db

URL = "/kokemusasiantuntijat/pyyda/"
FOR_GUESTS = {
    "contact_name": "Kirjastonhoitaja", "contact_email": "guest@example.org", "organisation_name": "Kirjasto",
    "sector": "public",
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_waiting(settings, region):
    settings.PUBLIC_FORM_SECONDS = 0


def send(client, **changes):
    data = order_data(client.get(URL)) | changes
    return client.post(URL, {name: value for name, value in data.items() if value is not None})


def test_asking_without_choosing_a_person_comes_first_and_tells_the_coordinator(professional, expert_coordinator, as_user, mailbox):  # fmt: skip
    make_profile(make_user(), shown_name="Kaisu")
    client = as_user(professional)
    choices = list(client.get(URL).context["form"].fields["wished"].choices)
    assert choices[0][0] == ""
    assert [label for _key, label in choices[1:]] == ["Kaisu"]
    answer = send(client)
    order = Order.objects.get()
    assert answer.url == f"/tilaukset/{order.pk}/"
    assert (order.status, order.ordered_by, order.sector, order.fee) == ("open", professional, "parish", 120)
    assert order.wishes.count() == 1
    assert mailbox.to(expert_coordinator.email)
    assert client.get(answer.url).status_code == 200


def test_all_who_suit_are_asked_at_once_when_the_network_has_set_so(professional, as_user, mailbox):
    ActivitySettings.objects.update(sending="at-once")
    substances, other = ExpertTheme.objects.all()[:2]
    fits = make_profile(make_user(), themes=[substances])
    make_profile(make_user(), themes=[other])
    make_profile(make_user(), themes=[substances], is_paused=True)
    make_profile(make_user(), themes=[substances], company="pair")
    away = make_profile(make_user(), themes=[substances])
    away.away.create(first_day="2000-01-01", last_day="2100-01-01")
    send(as_user(professional), themes=[substances.pk])
    assert [offer.profile for offer in Offer.objects.all()] == [fits]
    assert Order.objects.get().status == "offered"
    assert mailbox.to(fits.person.email)


def test_from_an_experts_page_she_is_asked_at_once(professional, as_user):
    profile = make_profile(make_user())
    client = as_user(professional)
    page = client.get(f"{URL}?asiantuntija={profile.slug}")
    assert page.context["form"]["wished"].value() == profile.pk
    send(client, wished=profile.pk)
    assert Offer.objects.get().profile == profile


def test_an_expert_whose_profile_is_not_shown_cannot_be_chosen(professional, as_user):
    hidden = make_profile(make_user(), shown_to="coordinators")
    client = as_user(professional)
    assert client.get(f"{URL}?asiantuntija={hidden.slug}").context["form"]["wished"].value() is None
    assert "wished" in send(client, wished=hidden.pk).context["form"].errors


def test_a_service_page_leads_here_with_its_service(professional, as_user):
    service = make_service(slug="ryhma")
    client = as_user(professional)
    assert client.get(f"{URL}?palvelu=ryhma&aihe=Raitis+arki").context["form"]["topic"].value() == "Raitis arki"
    send(client, service="ryhma")
    assert Order.objects.get().service == service


def test_a_topic_leads_here_with_its_theme(client):
    theme = ExpertTheme.objects.get(code="close-one")
    for page in ("/kokemusasiantuntijat/", "/kokemusasiantuntijat/mika/"):
        assert f'href="{URL}?teema=close-one"' in client.get(page).content.decode()
    assert client.get(f"{URL}?teema=close-one").context["form"]["themes"].value() == [theme.pk]
    assert client.get(f"{URL}?teema=olematon").context["form"]["themes"].value() == []


def test_an_item_of_an_agenda_leads_here_with_its_time_and_place(professional, as_user):
    meeting = make_meeting(days=20, form="on-site", venue="Kirjasto", municipality_id="205")
    item = make_item(meeting, "Kohtaaminen", minutes=30)
    client = as_user(professional)
    form = client.get(f"{URL}?kohta={item.pk}").context["form"]
    told = [form[name].value() for name in ("topic", "minutes", "place_kind", "place", "municipality", "agenda_item")]
    assert told == ["Kohtaaminen", 30, "place", "Kirjasto", "205", item.pk]
    assert client.get(f"{URL}?tapaaminen={meeting.pk}").context["form"]["topic"].value() == meeting.title
    answer = send(client, agenda_item=item.pk)
    assert Order.objects.get().agenda_item == item
    assert client.get(answer.url).context["agenda_item"] == item


def test_an_item_that_one_does_not_see_tells_nothing_and_is_not_linked(client, professional, as_user):
    item = make_item(make_meeting(days=20), "Salainen", publicity="restricted", ground="Henkilöasia")
    for asked in (f"kohta={item.pk}", f"tapaaminen={item.meeting_id}", "kohta=" + "9" * 30, "kohta=x"):
        assert client.get(f"{URL}?{asked}").context["form"]["topic"].value() == ""
    assert "agenda_item" in send(as_user(professional), agenda_item=item.pk).context["form"].errors


def test_pages_of_services_meetings_and_the_front_page_lead_here(client, professional, as_user):
    make_service(slug="ryhma")
    meeting = make_meeting(days=20)
    for page, link in (("/", URL), ("/palvelut/ryhma/", f"{URL}?palvelu=ryhma")):
        assert f'href="{link}"' in client.get(page).content.decode()
    page = as_user(professional).get(meeting.get_absolute_url()).content.decode()
    assert f'href="{URL}?tapaaminen={meeting.pk}"' in page


def test_a_guest_is_reviewed_first_and_goes_on_by_a_link_of_her_own(client, expert_coordinator, as_user, mailbox):
    make_profile(make_user(), shown_name="Vain jäsenille")
    assert len(client.get(URL).context["form"].fields["wished"].choices) == 1
    assert send(client, **FOR_GUESTS).url == "/kokemusasiantuntijat/pyyda/kiitos/"
    order = Order.objects.get()
    assert (order.status, order.ordered_by, order.sector) == ("in-review", None, "public")
    (message,) = mailbox.to("guest@example.org")
    link = re.search(r"http://[^/]+(/tilaukset/linkki/\S+)", message.text).group(1)
    assert link.split("/")[3] not in str(message.event)
    assert client.get(link).status_code == 200
    assert order.topic in client.get(link).content.decode()
    as_user(expert_coordinator).post(f"/tilaukset/{order.pk}/tarkista/")
    order.refresh_from_db()
    assert order.status == "open"
    assert client.post(f"{link}peru/", {"reason-reason": "Ei tarvita"}).status_code == 302
    order.refresh_from_db()
    assert (order.status, order.ended_by, order.reason) == ("cancelled", "orderer", "Ei tarvita")


def test_a_link_that_is_not_whole_or_was_changed_opens_nothing(client):
    send(client, **FOR_GUESTS)
    order = Order.objects.get()
    from experts.links import token_of

    token = token_of(order)
    assert client.get(f"/tilaukset/linkki/{token}/").status_code == 200
    assert client.get(f"/tilaukset/linkki/{token[:-2]}/").status_code == 404
    assert client.get(f"/tilaukset/{order.pk}/").status_code == 302
    Order.objects.update(contact_key="00000000-0000-0000-0000-000000000000")
    assert client.get(f"/tilaukset/linkki/{token}/").status_code == 404


def test_opening_a_mailed_link_changes_nothing(client):
    """A scanner follows every link of a mail."""
    send(client, **FOR_GUESTS)
    from experts.links import token_of

    token = token_of(Order.objects.get())
    for verb in ("", "peru/", "tarkista/", "ota-aika/"):
        client.get(f"/tilaukset/linkki/{token}/{verb}")
    assert Order.objects.get().status == "in-review"


def test_the_link_of_a_guest_does_nothing_that_a_coordinator_does(client):
    send(client, **FOR_GUESTS)
    from experts.links import token_of

    token = token_of(Order.objects.get())
    for verb in ("tarkista", "kysy", "hyvaksy"):
        assert client.post(f"/tilaukset/linkki/{token}/{verb}/").status_code in (403, 404)
    assert Order.objects.get().status == "in-review"


def test_a_contact_person_orders_for_a_colleague_who_gets_a_link(professional, as_user, mailbox):
    Membership.objects.filter(person=professional).update(is_contact_person=True)
    send(as_user(professional), contact_name="Kollega", contact_email="colleague@example.org")
    assert {message.address for message in mailbox} >= {professional.email, "colleague@example.org"}
    assert Order.objects.get().orderer_name == "Kollega"


def test_others_do_not_order_for_colleagues(professional, as_user):
    assert "contact_email" not in as_user(professional).get(URL).context["form"].fields


def test_the_network_may_let_contact_persons_only_order(professional, parish, as_user):
    ActivitySettings.objects.update(orderers="contacts")
    contact = make_user()
    make_membership(contact, parish, is_contact_person=True)
    assert as_user(contact).get(URL).context["directly"] is True
    assert as_user(professional).get(URL).context["directly"] is False  # as a guest does, reviewed first
    ActivitySettings.objects.update(guests_may_order=False)
    assert as_user(professional).get(URL).status_code == 403


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"topic": ""}, "topic"),
        ({"topic": "Asiakas 131052-308T"}, "topic"),
        ({"hopes": "Tunnus 131052-308T"}, "hopes"),
        ({"day_1": None, "clock_1": None}, "day_1"),
        ({"clock_1": None}, "clock_1"),
        ({"day_1": "2020-01-01"}, "day_1"),
        ({"first_day": "2099-01-01"}, "last_day"),
        ({"municipality": None}, "municipality"),
        ({"minutes": "0"}, "minutes"),
        ({"fee": "-1"}, "fee"),
    ],
)
def test_what_is_wrong_comes_back_at_its_field_with_what_was_typed(changes, field, professional, as_user):
    answer = send(as_user(professional), **{"place": "Kirjaston kokoushuone", **changes})
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert "Kirjaston kokoushuone" in answer.content.decode()
    assert not Order.objects.exists()


def test_the_guide_and_the_fee_model_are_shown_accepted_and_remembered(professional, as_user):
    guide = GuideVersion.objects.create(version=1, body="Sovitaan **ajoissa**.")
    guide.publish(by=None)
    model = FeeModelVersion.objects.create(version=1, valid_from="2020-01-01")
    task = TaskType.objects.get(code="understanding")
    model.rows.create(task_type=task, minutes=60, amount=150)
    model.publish(by=None)
    client = as_user(professional)
    assert "accepts" in send(client).context["form"].errors
    send(client, accepts="on")
    order = Order.objects.get()
    assert (order.guide, order.fee_model, order.fee) == (guide, model, 150)  # the model's, not what was typed
    shown = client.get("/kokemusasiantuntijat/toimintaohje/").content.decode()
    assert "<strong>ajoissa</strong>" in shown
    assert "150 €" in shown
