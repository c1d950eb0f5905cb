"""*Palauta tämä versio*: an old version comes back as a new edit, with everything that hung on it."""

import pytest

from network.actors import written
from network.models import Competence, OrganisationLink
from services import editing, history
from services.confirming import version_of
from services.exchange.shapes import SERVICE
from services.models import Audience, Contact, ProposedEdit, Service, ServicePlace
from services.versions import versions_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(association) -> Service:
    """Full at first, then emptied."""
    with written():
        one = factories.make_service("Ryhmä", slug="ryhma", organisation=association, summary="Ensimmäinen")
        factories.make_contact(service=one, value="040 123 4567", name="Päivystys")
        place = ServicePlace.objects.create(service=one, name="Talo")
        factories.make_contact(place=place, value="040 7")
        place.opening_hours.create(service=one, weekday=1, opens="09:00", closes="15:00")
        one.audiences.add(Audience.objects.all()[0])
    with written():
        Service.objects.filter(pk=one.pk).update(summary="Toinen", free=True)
        one.contacts.all().delete()
        one.places.all().delete()
        one.audiences.set([Audience.objects.all()[1]])
    one.refresh_from_db()
    return one


def address_of(thing, number: int = -1) -> str:
    kind = "palvelut" if isinstance(thing, Service) else "verkosto"
    return f"/{kind}/{thing.slug}/historia/{versions_of(thing)[number].key}/palauta/"


def test_all_that_hung_on_it_comes_back_as_a_new_edit(service, coordinator, as_user):
    client, first = as_user(coordinator), versions_of(service)[-1].record
    address = address_of(service)
    assert "Ensimmäinen" in client.get(address).content.decode()
    assert Service.objects.get().summary == "Toinen"
    assert client.post(address, {"version": version_of(service)}).status_code == 302
    versions = versions_of(service)
    assert len(versions) == 3
    assert versions[0].record == first
    now = Service.objects.get()
    assert [contact.value for contact in now.contacts.all()] == ["040 123 4567"]
    assert [contact.value for contact in Contact.objects.filter(place__service=now)] == ["040 7"]
    history.tell(SERVICE, versions[:1], history.Eyes(editor=True, coordinator=True))
    assert versions[0].who == str(coordinator)


def test_a_newcomers_waits_for_review(service, ngo_editor, as_user):
    assert as_user(ngo_editor).post(address_of(service), {"version": version_of(service)}).status_code == 302
    assert Service.objects.get().summary == "Toinen"
    assert ProposedEdit.objects.get().record["summary"] == "Ensimmäinen"


def test_a_trusted_editors_is_public_at_once_and_state_stays(service, association, ngo_editor, as_user):
    association.is_trusted = True
    association.save()
    published = service.published_at
    as_user(ngo_editor).post(address_of(service), {"version": version_of(service)})
    now = Service.objects.get()
    assert (now.summary, now.published_at, now.slug) == ("Ensimmäinen", published, "ryhma")


@pytest.mark.parametrize("who", ["outsider", "professional", "expert"])
def test_nobody_else_gives_it_back(who, service, request, as_user):
    client, address = as_user(request.getfixturevalue(who)), address_of(service)
    assert client.get(address).status_code == 403
    assert client.post(address, {"version": version_of(service)}).status_code == 403
    assert Service.objects.get().summary == "Toinen"


def test_a_stale_page_gives_nothing_back(service, coordinator, as_user):
    client, address, stamp = as_user(coordinator), address_of(service), version_of(service)
    Service.objects.get().save()
    for form in ({"version": stamp}, {}):
        assert client.post(address, form).status_code == 409
    assert Service.objects.get().summary == "Toinen"


def test_it_takes_no_other_text_of_the_same_person_away(service, ngo_editor, as_user):
    editing.submit(service, {"summary": "Kolmas", "cost": "5 €"}, by=ngo_editor)
    as_user(ngo_editor).post(address_of(service), {"version": version_of(service)})
    assert ProposedEdit.objects.get().record["summary"] == "Kolmas"
    editing.submit(service, {"cost": "5 €"}, by=ngo_editor)
    as_user(ngo_editor).post(address_of(service), {"version": version_of(service)})
    waiting = ProposedEdit.objects.get().record
    assert (waiting["summary"], waiting["cost"]) == ("Ensimmäinen", "5 €")


def test_pressing_twice_makes_one_edit(service, coordinator, as_user):
    client, form, address = as_user(coordinator), {"version": version_of(service)}, address_of(service)
    client.post(address, form)
    client.post(address, form)
    assert len(versions_of(service)) == 3


def test_there_is_no_such_version(service, coordinator, as_user):
    for key in ("x", "t1", "00000000-0000-0000-0000-000000000000"):
        assert as_user(coordinator).get(f"/palvelut/ryhma/historia/{key}/palauta/").status_code == 404


def test_what_is_gone_since_is_left_out(association, coordinator, as_user):
    competence = Competence.objects.create(code="talk", name="Puhuminen")
    with written():
        association.competences.add(competence)
        OrganisationLink.objects.create(organisation=association, title="Sivu", url="https://example.org/")
    with written():
        competence.delete()
        association.links.all().delete()
    client, address = as_user(coordinator), address_of(association, 1)
    association.refresh_from_db()
    assert client.post(address, {"version": version_of(association)}).status_code == 302
    assert [link.title for link in association.links.all()] == ["Sivu"]
    assert not association.competences.exists()
