"""Handing the network over: by coordinators only, and somebody is always left."""

import contextlib
import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from network import coordination
from network.models import InternalNote, Network, Organisation, StatusEvent, User
from tests import factories

pytestmark = pytest.mark.django_db

PAGE = "/omat/luovutus/"


def typed(person: User, **more: str) -> dict[str, str]:
    return {"email": person.email, "coordinator_name": "Uusi", "coordinator_email": "uusi@example.org"} | more


def test_another_person_becomes_the_coordinator(coordinator, expert, as_user, mailbox):
    assert as_user(coordinator).post(PAGE, typed(expert)).status_code == 302
    network = Network.current()
    assert (network.coordinator, network.coordinator_email) == (expert, "uusi@example.org")
    assert set(User.objects.coordinators()) == {coordinator, expert}
    assert [event.by for event in StatusEvent.objects.of(network)] == [coordinator]
    assert [one.address for one in mailbox] == [expert.email]


def test_the_own_rights_end_when_chosen(coordinator, expert, as_user):
    client = as_user(coordinator)
    assert client.post(PAGE, typed(expert, end_own="on")).url == "/"
    assert list(User.objects.coordinators()) == [expert]
    assert client.get(PAGE).status_code == 403


def test_nobody_hands_over_to_oneself_and_leaves(coordinator, as_user):
    assert as_user(coordinator).post(PAGE, typed(coordinator, end_own="on")).status_code == 200
    assert list(User.objects.coordinators()) == [coordinator]
    with pytest.raises(ValidationError):
        coordination.end_rights(coordinator, by=coordinator)


def test_who_is_unknown_or_closed_is_not_made_coordinator(coordinator, as_user):
    closed = factories.make_user("closed@example.org", is_active=False)
    for person in (closed, User(email="unknown@example.org")):
        answer = as_user(coordinator).post(PAGE, typed(person))
        assert answer.status_code == 200
        assert answer.context["form"].errors["email"]
    assert list(User.objects.coordinators()) == [coordinator]


def test_a_deputy_is_named_and_ends(coordinator, expert, as_user):
    client = as_user(coordinator)
    client.post("/omat/luovutus/sijainen/", {"deputy-email": expert.email})
    assert expert in User.objects.coordinators()
    client.post(f"/omat/luovutus/sijainen/{expert.pk}/paata/")
    assert expert not in User.objects.coordinators()


def test_the_coordinator_of_the_network_is_not_ended_before_handing_over(coordinator, expert):
    coordination.hand_over(expert, by=coordinator, name="x", email="x@example.org", phone="")
    with pytest.raises(ValidationError):
        coordination.end_rights(expert, by=coordinator)


def test_nobody_else_makes_anybody_coordinator(ngo_editor, professional, as_user):
    for person in (ngo_editor, professional):
        client = as_user(person)
        for address, form in ((PAGE, typed(person)), ("/omat/luovutus/sijainen/", {"deputy-email": person.email})):
            assert client.post(address, form).status_code == 403
        with pytest.raises(PermissionDenied):
            coordination.name_deputy(person, by=person)
    assert not User.objects.coordinators().exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_end_each_other_at_once_leave_one():
    people = [factories.make_user(is_staff=True) for _n in range(2)]
    start = threading.Barrier(2)

    def press(by: User, person: User) -> None:
        start.wait()
        with contextlib.suppress(ValidationError, PermissionDenied):
            coordination.end_rights(person, by=User.objects.get(pk=by.pk))
        connection.close()

    threads = [threading.Thread(target=press, args=pair) for pair in (people, people[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert User.objects.coordinators().count() == 1


def test_deputies_are_shown_as_they_want(coordinator, client, as_user, professional):
    factories.make_user(name="Sijainen Yksi", is_staff=True, name_shown_to="members")
    assert "Sijainen Yksi" not in client.get("/tietoa/").content.decode()
    assert "Sijainen Yksi" in as_user(professional).get("/tietoa/").content.decode()


def test_organisations_without_an_editor_are_listed(association, ngo_editor, parish):
    factories.make_organisation(parent=association)
    assert list(Organisation.objects.without_editor()) == [parish]
    ngo_editor.memberships.update(is_editor=False)
    assert Organisation.objects.without_editor().count() == 3


def test_notes_are_written_on_the_desk_and_read_there_only(coordinator, association, as_user, ngo_editor):
    InternalNote.objects.create(organisation=association, body="Soita aamulla.", written_by=coordinator)
    address = f"/hallinta/network/organisation/{association.pk}/change/"
    assert "Soita aamulla." in as_user(coordinator).get(address).content.decode()
    for page in (association.get_absolute_url(), "/omat/profiili/", "/omat/jasenet/"):
        assert "Soita aamulla." not in as_user(ngo_editor).get(page).content.decode()


def test_the_lists_of_the_desk_are_narrowed(coordinator, association, parish, as_user):
    client = as_user(coordinator)
    for address in (
        "/hallinta/network/organisation/?editor=no",
        "/hallinta/network/organisation/?editor=yes",
        "/hallinta/services/service/?editor=no",
        "/hallinta/services/service/?editor=yes",
        "/hallinta/network/joinrequest/?waiting=yes",
        "/hallinta/network/invitation/?waiting=no",
        "/hallinta/network/groundrules/add/",
        "/hallinta/network/user/add/",
        "/hallinta/",
        PAGE,
    ):
        assert (address, client.get(address).status_code) == (address, 200)
