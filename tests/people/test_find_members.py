"""The directory and *kuka voi auttaa*: what is hidden is neither shown nor found nor counted."""

import pytest

from network.models import Competence, MemberRole, Organisation
from network.people import helping, visible
from tests import factories

pytestmark = pytest.mark.django_db

CIRCLES = ("coordinators", "members", "everyone")


@pytest.fixture
def talk(db) -> Competence:
    return Competence.objects.create(
        code="talk", name="Puheeksiotto", name_sv="Att ta upp", name_en="Raising the topic"
    )


@pytest.fixture
def crowd(association, talk):
    """A person for each choice of who sees the name and who sees the contact: `name-contact`."""
    people = {}
    for name in CIRCLES:
        for contact in CIRCLES:
            person = factories.make_user(
                f"{name}-{contact}@example.org", name=f"Nimi {name} {contact}", phone="040 123 4567",
                name_shown_to=name, contact_shown_to=contact,
            )  # fmt: skip
            factories.make_membership(person, association, title="Ohjaaja")
            person.competences.add(talk)
            people[f"{name}-{contact}"] = person
    return people


def names(client, address: str) -> set[str]:
    page = client.get(address).content.decode()
    return {f"{name}-{contact}" for name in CIRCLES for contact in CIRCLES if f"Nimi {name} {contact}" in page}


def addresses(client, address: str) -> set[str]:
    page = client.get(address).content.decode()
    return {f"{name}-{contact}" for name in CIRCLES for contact in CIRCLES if f"{name}-{contact} (at) " in page}


def of(*circles: str) -> set[str]:
    return {f"{name}-{contact}" for name in circles for contact in CIRCLES}


@pytest.mark.parametrize("page", ["/verkosto/esimerkkiyhdistys/", "/verkosto/auttaa/?q=puheeksi", "/verkosto/auttaa/?competence=talk"])  # fmt: skip
def test_each_reader_sees_whom_the_people_chose(page, crowd, as_user, professional, outsider, coordinator):
    everyone, members = {"everyone-everyone"}, {"members", "everyone"}
    for person in (None, outsider):
        assert names(as_user(person), page) == of("everyone")
        assert addresses(as_user(person), page) == everyone
    assert names(as_user(professional), page) == of("members", "everyone")
    assert addresses(as_user(professional), page) == {f"{a}-{b}" for a in members for b in members}
    assert names(as_user(coordinator), page) == of(*CIRCLES)


def test_a_contact_link_opens_for_whom_it_was_meant(crowd, as_user, professional):
    link = f"/verkosto/yhteys/{visible.SIGNER.sign(str(crowd['members-members'].pk))}/"
    assert as_user(None).get(link).status_code == 404
    assert as_user(professional).get(link)["Location"] == "mailto:members-members@example.org"
    assert as_user(professional).get("/verkosto/yhteys/1:x/").status_code == 404


def test_who_has_left_or_whose_account_is_closed_is_not_shown(crowd, client):
    crowd["everyone-everyone"].memberships.all().delete()
    crowd["everyone-members"].is_active = False
    crowd["everyone-members"].save()
    for page in ("/verkosto/esimerkkiyhdistys/", "/verkosto/auttaa/?q=puheeksi"):
        assert names(client, page) == {"everyone-coordinators"}


@pytest.mark.parametrize("words", ["puheeksi", "Att ta", "raising topic"])
def test_a_competence_is_found_in_every_language(words, association, talk, client):
    association.competences.add(talk)
    assert association.name in client.get("/verkosto/auttaa/", {"q": words}).content.decode()


def test_what_an_organisation_may_be_asked_about_is_found(association, parish, client):
    Organisation.objects.filter(pk=parish.pk).update(ask_us="Surun kohtaaminen ja saattohoito")
    found = helping.who_can_help("suru", "", reader(client))
    assert [one.pk for one in found.organisations] == [parish.pk]


@pytest.mark.parametrize("words", ["ryhmien ohjaaminen", "korvaushoidosta", "ryhmä", "Ohjaaminen!"])
def test_words_are_read_in_any_form_on_both_sides(words, parish, client):
    Organisation.objects.filter(pk=parish.pk).update(ask_us="Ryhmän ohjaaminen ja opioidikorvaushoito")
    found = helping.who_can_help(words, "", reader(client))
    assert [one.pk for one in found.organisations] == [parish.pk]
    assert helping.who_can_help(f"{words} saunassa", "", reader(client)).organisations == []


def reader(client):
    return client.get("/").wsgi_request.user


def test_nobody_is_found_without_asking_or_by_a_wrong_word(crowd, client):
    for address in ("/verkosto/auttaa/", "/verkosto/auttaa/?q=", "/verkosto/auttaa/?competence=olematon"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.context["found"] is None
    found = client.get("/verkosto/auttaa/?q=olematonsana").context["found"]
    assert (found.organisations, found.people) == ([], [])


# The directory's filters --------------------------------------------------------------------------------------------


def found(client, query: str) -> set[str]:
    return {one.slug for one in client.get(f"/verkosto/?{query}").context["page"].object_list}


def test_the_directory_is_narrowed_by_kind_whom_it_meets_and_competence(association, parish, talk, client):
    parish.competences.add(talk)
    Organisation.objects.filter(pk=association.pk).update(meets="both")
    Organisation.objects.filter(pk=parish.pk).update(meets="close-ones")
    assert found(client, "kind=parish") == {parish.slug}
    assert found(client, "meets=users") == {association.slug}
    assert found(client, "meets=close-ones") == {association.slug, parish.slug}
    assert found(client, "competence=talk") == {parish.slug}
    assert found(client, "competence=talk&kind=association") == set()


def test_a_role_is_for_members_and_counts_only_people_whom_they_see(
    association, parish, client, as_user, professional, coordinator
):
    peer = MemberRole.objects.get(code="peer")
    for organisation, circle in ((association, "coordinators"), (parish, "members")):
        person = factories.make_user(name="Nimi", name_shown_to=circle)
        factories.make_membership(person, organisation, role=peer)
    assert found(client, "role=peer") == {association.slug, parish.slug}  # a visitor has no such filter
    assert found(as_user(professional), "role=peer") == {parish.slug}
    assert found(as_user(coordinator), "role=peer") == {association.slug, parish.slug}


def test_a_table_tells_where_the_network_has_no_member(region, association, parish, client):
    Organisation.objects.filter(pk=association.pk).update(municipality="205")
    parish.municipalities_served.add("290")
    factories.make_organisation(municipality_id="697", active_until="2020-01-01")
    rows = {row["place"].code: (row["home"], row["serving"], row["none"]) for row in helping.coverage()}
    assert rows["205"] == (1, 0, False)
    assert rows["290"] == (0, 1, False)
    assert rows["697"] == (0, 0, True)
    assert len(rows) == 8
    assert 'id="kattavuus"' in client.get("/verkosto/").content.decode()
