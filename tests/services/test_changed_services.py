"""Muuttuneet palvelut: what is worth telling is written with the change itself, and told once to who wants it."""

import datetime as dt
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from network.models import Message, User
from services import digest
from services.changes import telling
from services.exchange.loading import load
from services.models import Service, ServiceNotice, ServicePlace

from .. import factories
from .exchange_records import a_catalogue, a_service
from .test_admin import service_form

pytestmark = pytest.mark.django_db
Delivery = User.Delivery
WEEK = dt.timedelta(days=7)
NOW = timezone.localtime()
MONDAY = NOW.replace(hour=7, minute=5) + dt.timedelta(days=7 - NOW.weekday())  # the next one


@pytest.fixture
def service(association):
    return factories.make_service("Ryhmä", slug="ryhma", organisation=association)


def told() -> list[tuple[str, str, str]]:
    return list(ServiceNotice.objects.order_by("pk").values_list("kind", "before", "after"))


def settle() -> None:
    """All notices are a day old."""
    ServiceNotice.objects.update(at=timezone.now() - dt.timedelta(days=1))


# What is written ----------------------------------------------------------------------------------------------------


def test_publishing_closing_and_opening_again_are_told(service):
    draft = factories.make_service(published=False)
    draft.publish()
    draft.archive()
    settle()
    draft.restore()
    assert told() == [("new", "", ""), ("closed", "", ""), ("reopened", "", "")]


def test_an_archive_that_is_undone_at_once_is_not_told(service):
    service.archive()
    service.restore()
    assert told() == []


def test_drafts_are_not_told_of(service):
    draft = factories.make_service(published=False)
    draft.archive()
    draft.restore()
    service.unpublish()
    assert told() == []


def test_a_listing_taken_back_to_a_draft_is_not_new_when_it_comes_back(service):
    service.unpublish()
    service.publish()
    assert told() == []


def test_what_is_refused_tells_nothing(service):
    with pytest.raises(ValidationError):
        service.restore()
    with pytest.raises(ValidationError):
        service.publish()
    assert told() == []


def test_a_change_that_is_rolled_back_is_not_told(service):
    with transaction.atomic():
        service.archive()
        transaction.set_rollback(True)
    assert told() == []


def test_a_new_name_organisation_and_place_are_told(service, parish):
    place = ServicePlace.objects.create(service=service, street_address="Vanhakatu 1", municipality_id="205")
    with telling(service.pk):
        Service.objects.filter(pk=service.pk).update(name="Uusi nimi", organisation=parish)
        place.street_address = "Uusikatu 2"
        place.save()
    assert told() == [
        ("renamed", "Ryhmä", "Uusi nimi"),
        ("handed-over", "Esimerkkiyhdistys ry", "Esimerkin seurakunta"),
        ("moved", "Vanhakatu 1, Kajaani", "Uusikatu 2, Kajaani"),
    ]


def test_a_place_more_or_one_less_is_no_move(service):
    with telling(service.pk):
        place = ServicePlace.objects.create(service=service, name="Talo")
    with telling(service.pk):
        place.delete()
    assert told() == []


def test_a_confidential_place_is_never_told(service):
    place = ServicePlace.objects.create(service=service, street_address="Salakuja 1", confidential=True)
    with telling(service.pk):
        place.street_address = "Salakuja 2"
        place.save()
    with telling(service.pk):
        ServicePlace.objects.filter(pk=place.pk).update(confidential=False)
    with telling(service.pk):
        ServicePlace.objects.filter(pk=place.pk).update(confidential=True)
    assert told() == []


def test_the_coordinators_form_tells(service, coordinator, as_user):
    address = f"/hallinta/services/service/{service.pk}/change/"
    answer = as_user(coordinator).post(address, service_form(service, name="Uusi nimi"))
    assert answer.status_code == 302
    assert told() == [("renamed", "Ryhmä", "Uusi nimi")]


def test_a_file_tells_what_it_changes(service):
    load(a_catalogue(services=[a_service(slug="ryhma", name="Uusi nimi"), a_service(slug="toinen")]), "file.json")
    assert {(kind, old, new) for kind, old, new in told()} >= {("renamed", "Ryhmä", "Uusi nimi"), ("new", "", "")}
    ServiceNotice.objects.all().delete()
    load(a_catalogue(services=[a_service(slug="toinen", archived_at="2026-11-01T00:00:00Z")]), "file.json")
    load(a_catalogue(services=[a_service(slug="toinen", archived_at="2026-11-01T00:00:00Z")]), "file.json")
    assert told() == [("closed", "", "")]


def test_a_first_load_is_not_all_news():
    load(a_catalogue(services=[a_service(slug="ryhma"), a_service(slug="toinen")]), "file.json")
    assert told() == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_archive_at_once_one_tells():
    service, refused = factories.make_service(), []

    def press():
        try:
            Service.objects.get(pk=service.pk).archive()
        except ValidationError:
            refused.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (told(), len(refused)) == ([("closed", "", "")], 3)


# The page and the feed ----------------------------------------------------------------------------------------------


def test_everybody_reads_the_changes(client, service):
    service.archive(reason="ended")
    for address in ("/palvelut/muuttuneet/", "/sv/palvelut/muuttuneet/", "/palvelut/muuttuneet/rss/"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "Ryhmä" in answer.content.decode()


def test_a_listing_that_is_a_draft_now_is_told_of_no_more(client, service):
    with telling(service.pk):
        Service.objects.filter(pk=service.pk).update(name="Salainen nimi")
    service.refresh_from_db()
    service.unpublish()
    for address in ("/palvelut/muuttuneet/", "/palvelut/muuttuneet/rss/"):
        assert "Salainen" not in client.get(address).content.decode()


# Messages -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def follower(professional):
    return professional  # weekly, as everybody at first


def test_once_a_week_there_is_one_message(service, follower, mailbox):
    service.archive()
    factories.make_service(published=False, name="Uusi palvelu").publish()
    settle()
    assert [digest.tell_weekly(MONDAY), digest.tell_weekly(MONDAY), digest.tell_weekly(MONDAY + WEEK)] == [1, 0, 0]
    (message,) = mailbox.messages
    assert message.address == follower.email
    assert [name in message.text for name in ("Ryhmä", "Uusi palvelu")] == [True, True]
    assert "Ryhmä" in message.html
    assert message.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_what_comes_after_mondays_message_waits_for_the_next(service, follower, mailbox):
    service.archive()
    settle()
    digest.tell_weekly(MONDAY)
    ServiceNotice.objects.all().update(told_weekly_at=MONDAY)
    factories.make_service(published=False, name="Myöhäinen").publish()
    ServiceNotice.objects.filter(kind="new").update(at=MONDAY)
    assert [digest.tell_weekly(MONDAY + dt.timedelta(hours=2)), digest.tell_weekly(MONDAY + WEEK)] == [0, 1]
    assert ["Myöhäinen" in message.text for message in mailbox] == [False, True]


def test_nothing_is_sent_when_nothing_has_changed(follower, mailbox):
    assert [digest.tell_weekly(MONDAY), digest.tell_at_once(MONDAY)] == [0, 0]
    assert len(mailbox) == 0


def test_a_draft_is_in_no_message(service, follower, mailbox):
    with telling(service.pk):
        Service.objects.filter(pk=service.pk).update(name="Salainen nimi")
    settle()
    service.refresh_from_db()
    service.unpublish()
    assert digest.tell_weekly(MONDAY) == 0
    assert len(mailbox) == 0


@pytest.mark.parametrize(("delivery", "weekly", "at_once"), [("weekly", 1, 0), ("at-once", 0, 1), ("none", 0, 0)])
def test_each_gets_it_as_they_chose(service, follower, delivery, weekly, at_once):
    User.objects.filter(pk=follower.pk).update(changes_delivery=delivery)
    service.archive()
    settle()
    assert (digest.tell_weekly(MONDAY), digest.tell_at_once(MONDAY)) == (weekly, at_once)


def test_at_once_waits_until_a_slip_can_no_longer_be_undone(service, follower, mailbox):
    User.objects.filter(pk=follower.pk).update(changes_delivery="at-once")
    service.archive()
    assert digest.tell_at_once() == 0
    assert digest.tell_at_once(timezone.now() + dt.timedelta(minutes=31)) == 1
    assert digest.tell_at_once(timezone.now() + dt.timedelta(minutes=99)) == 0


def test_only_members_and_coordinators_get_it(service, outsider, follower, coordinator, mailbox):
    former = factories.make_user("former@example.org")
    factories.make_membership(former, service.organisation, since="2020-01-01", until="2020-12-31")
    User.objects.filter(pk=follower.pk).update(is_active=False)
    service.archive()
    settle()
    digest.tell_weekly(MONDAY)
    assert [message.address for message in mailbox] == [coordinator.email]


def test_each_reads_it_in_their_own_language(service, follower, coordinator, mailbox):
    from services.models import ServiceText

    ServiceText.objects.create(service=service, language="sv", name="Gruppen")
    User.objects.filter(pk=follower.pk).update(language="sv")
    service.archive()
    settle()
    digest.tell_weekly(MONDAY)
    texts = {message.address: message.text for message in mailbox}
    found = {
        address: [word in text for word in ("Gruppen", "/sv/palvelut/", "Ryhmä")] for address, text in texts.items()
    }
    assert found == {follower.email: [True, True, False], coordinator.email: [False, False, True]}


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_message(association):
    person = factories.make_user("follower@example.org")
    factories.make_membership(person, association)
    factories.make_service(organisation=association).archive()
    settle()

    def work():
        digest.tell_weekly(MONDAY)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Message.objects.filter(event__startswith="changed-services").count() == 1


# Stopping them ------------------------------------------------------------------------------------------------------


def test_the_link_changes_nothing_and_the_button_does(client, service, follower, mailbox):
    service.archive()
    settle()
    digest.tell_weekly(MONDAY)
    address = "/" + mailbox[0].headers["List-Unsubscribe"].strip("<>").split("/", 3)[3]
    assert client.get(address).status_code == 200
    follower.refresh_from_db()
    assert follower.changes_delivery == Delivery.WEEKLY
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    follower.refresh_from_db()
    assert follower.changes_delivery == Delivery.NONE
    client.post(address, {"delivery": "at-once"})
    follower.refresh_from_db()
    assert follower.changes_delivery == Delivery.AT_ONCE


def test_a_link_of_nobody_is_not_found(client, follower):
    good = digest.CHANGES.token_of(follower)
    wrong = good.replace(str(follower.pk), str(follower.pk + 1), 1)
    for token in ("x", wrong, str(follower.pk)):
        assert client.post(f"/palvelut/muuttuneet/peru/{token}/").status_code == 404
    User.objects.filter(pk=follower.pk).update(is_active=False)
    assert client.get(f"/palvelut/muuttuneet/peru/{good}/").status_code == 404
