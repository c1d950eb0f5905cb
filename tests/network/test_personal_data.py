"""Every person sees, takes along and erases all that is held about her, and nobody else's."""

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from pghistory.models import Context

from network import mail, personal_data
from network.actors import written
from network.models import (
    DataRequest,
    Feedback,
    GroundRules,
    InternalNote,
    Invitation,
    JoinRequest,
    KeptForm,
    Membership,
    Message,
    Network,
    Organisation,
    RulesAcceptance,
    StatusEvent,
    User,
)
from network.models.data import month_later
from network.models.history import OrganisationEvent
from network.own_data import requests
from network.transitions import InvalidTransition
from tests.accounts.signing import AGAIN, show_again

from .. import factories

pytestmark = pytest.mark.django_db

# Models that point at a person without telling of her: why.
NO_PERSONAL_DATA = {
    "network.Network": "names the coordinator in public; erasing is refused before handing over",
    "network.User_competences": "told as the account's competences",
    "network.User_groups": "groups are not used",
    "network.User_user_permissions": "permissions are not used",
}


def points_at_a_person(model) -> bool:
    user = get_user_model()
    if model._meta.proxy or not model._meta.managed:  # another name of a table that is asked about itself
        return False
    return any(
        field.is_relation and field.related_model is user and not field.auto_created
        for field in model._meta.get_fields()
    )


def test_every_model_that_points_at_a_person_is_told_of():
    told = {label for kind in personal_data.everything() for label in kind.models}
    pointing = {model._meta.label for model in apps.get_models(include_auto_created=True) if points_at_a_person(model)}
    assert pointing - told - set(NO_PERSONAL_DATA) == set()


def test_every_column_of_the_account_is_told_of_but_the_password():
    kept_back = {"id", "password", "is_superuser", "is_active", "groups", "user_permissions"}
    columns = {field.name for field in [*User._meta.concrete_fields, *User._meta.many_to_many]}
    assert columns - kept_back == set(personal_data.KINDS["account"].labels)


@pytest.fixture
def aino(association, coordinator) -> User:
    """Something of every kind is held about her."""
    person = factories.make_user("aino@example.org", name="Aino Ääninen", phone="040 1")
    factories.make_membership(person, association, is_editor=True, title="Ohjaaja")
    mail.send(
        "network/request_came", to=person, event="test:1", why="x", context={"request": DataRequest(), "link": "x"}
    )
    Invitation.objects.create(email=person.email, organisation=association)
    Invitation.objects.create(email="other@example.org", invited_by=person)
    StatusEvent.objects.create(subject=association, status="x", by=person, note="huomio")
    Feedback.objects.create(kind="idea", body="Lisää väriä", sender_name=person.name, sender_email=person.email)
    Feedback.objects.create(kind="idea", body="x", handled_by=person, handled_at=timezone.now(), answer="Kiitos")
    DataRequest.objects.create(kind="correct", person=person, note="Nimeni on väärin")
    factories.make_service("Ryhmä", confirmed_name=person.name, confirmed_title="Ohjaaja", organisation=association)
    type(association).objects.filter(pk=association.pk).update(confirmed_name=person.name)
    JoinRequest.objects.create(email=person.email, name=person.name, approved_at=timezone.now())
    InternalNote.objects.create(person=person, body="Aino ei tule kokouksiin", written_by=coordinator)
    rules = GroundRules.objects.first() or GroundRules.objects.create(version=1, body="x")
    RulesAcceptance.objects.create(person=person, rules=rules)
    KeptForm.objects.keep(person.pk, "/omat/", {"text": ["Aino"]})
    kind = ContentType.objects.get_for_model(association)
    log = {"content_type": kind, "object_id": "1", "action_flag": CHANGE}
    LogEntry.objects.create(user=person, object_repr="Esimerkki", change_message="[]", **log)
    LogEntry.objects.create(
        user=coordinator, object_repr=f"{person} – Esimerkki", change_message=json.dumps([{"changed": {"name": str(person)}}]), **log
    )  # fmt: skip
    return person


def left_of(person: User) -> list[str]:
    """Tables and columns of the whole database where her name or address stands."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')  # noqa: S608
            rows = [row[0] for row in cursor.fetchall()]
            for word in ("Aino", person.email, "Ääninen"):
                found += [f"{table}: {row[:200]}" for row in rows if word in row or json.dumps(word)[1:-1] in row]
    return found


# Seeing -------------------------------------------------------------------------------------------------------------


def test_the_page_shows_all_that_is_held_and_nothing_of_others(aino, outsider, as_user):
    factories.make_membership(outsider, factories.make_organisation("Toisen yhdistys"))
    page = as_user(aino).get("/omat/tiedot/").content.decode()
    for text in ("aino@example.org", "Aino Ääninen", "Ohjaaja", "Lisää väriä", "Nimeni on väärin", "huomio"):
        assert text in page
    assert "Toisen yhdistys" not in page
    assert "outsider@example.org" not in page
    assert "other@example.org" not in page  # whom she invited is the other person's


def test_the_file_has_everything_that_the_registry_tells(aino, as_user):
    answer = as_user(aino).post("/omat/tiedot/lataa/")
    told = json.loads(answer.content)
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith("attachment")
    assert set(told["data"]) == set(personal_data.KINDS)
    filled = {code for code, rows in told["data"].items() if rows}
    assert filled >= {
        "account", "memberships", "messages", "invitations", "invitations-sent", "changes", "feedback-sent",
        "feedback-handled", "requests", "requests-to-join", "notes", "ground-rules", "kept-forms", "addresses", "desk-log", "confirmed-listings", "confirmed-organisations", "sessions",
    }  # fmt: skip
    for kind in personal_data.everything():
        for row in told["data"][kind.code]:
            assert set(row) == set(kind.labels)


def test_the_file_has_no_password_and_nobody_elses_data(aino, as_user, coordinator):
    text = as_user(aino).post("/omat/tiedot/lataa/").content.decode()
    assert aino.password not in text
    assert "coordinator@example.org" not in text
    assert "other@example.org" not in text


def test_taking_the_data_along_is_written_down_as_done(aino, as_user):
    as_user(aino).post("/omat/tiedot/lataa/")
    logged = DataRequest.objects.get(kind="access")
    assert (logged.person, logged.done_by) == (aino, None)
    assert logged.done_at is not None


@pytest.mark.parametrize("path", ["", "korjaa/", "poista/"])
def test_a_visitor_sees_nobodys_data(path, client):
    assert client.get(f"/omat/tiedot/{path}").status_code == 302
    assert client.post("/omat/tiedot/lataa/").status_code == 302
    assert DataRequest.objects.count() == 0


def test_the_file_is_given_by_post_only(aino, as_user):
    assert as_user(aino).get("/omat/tiedot/lataa/").status_code == 405


def test_the_page_costs_the_same_with_one_row_and_with_three(aino, as_user):
    client = as_user(aino)
    client.get("/omat/tiedot/")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/omat/tiedot/")
        return len(asked)

    one = queries()
    for number in range(2):
        factories.make_membership(aino, factories.make_organisation())
        Feedback.objects.create(kind="idea", body=str(number), sender_email=aino.email)
    assert queries() == one


# Correcting ---------------------------------------------------------------------------------------------------------


def test_a_request_reaches_the_coordinator_without_its_words_in_the_mail(outsider, coordinator, as_user, mailbox):
    client = as_user(outsider)
    key = client.get("/omat/tiedot/korjaa/").context["form"].initial["form_key"]
    for _press in range(2):
        answer = client.post("/omat/tiedot/korjaa/", {"text": "Olen Aino, en Eino.", "form_key": key})
        assert (answer.status_code, answer["Location"]) == (302, "/omat/tiedot/")
    asked = DataRequest.objects.get()
    assert (asked.kind, asked.person, asked.note, asked.done_at) == ("correct", outsider, "Olen Aino, en Eino.", None)
    assert asked.due_on == month_later(timezone.localdate())
    assert [message.address for message in mailbox] == [coordinator.email]
    assert "Eino" not in mailbox[0].text + mailbox[0].html


def test_an_identity_code_is_refused_and_what_was_typed_stays(outsider, as_user):
    client = as_user(outsider)
    key = client.get("/omat/tiedot/korjaa/").context["form"].initial["form_key"]
    answer = client.post("/omat/tiedot/korjaa/", {"text": "Tunnukseni on 131052-308T", "form_key": key})
    assert answer.status_code == 200
    assert "Tunnukseni on" in answer.content.decode()
    assert DataRequest.objects.count() == 0


@pytest.mark.parametrize(
    ("day", "due"),
    [((2026, 1, 31), (2026, 2, 28)), ((2026, 11, 26), (2026, 12, 26)), ((2026, 12, 31), (2027, 1, 31)), ((2028, 1, 30), (2028, 2, 29))],
)  # fmt: skip
def test_an_answer_is_due_in_a_month(day, due):
    assert month_later(dt.date(*day)) == dt.date(*due)


# Erasing ------------------------------------------------------------------------------------------------------------


def erase_by_page(client, email: str):
    show_again(client)
    key = client.get("/omat/tiedot/poista/").context["form"].initial["form_key"]
    return client.post("/omat/tiedot/poista/", {"email": email, "form_key": key})


def test_erasing_leaves_no_name_or_address_anywhere(aino, as_user):
    client = as_user(aino)
    events = StatusEvent.objects.count()
    assert left_of(aino)
    answer = erase_by_page(client, "Aino@example.org ")
    assert (answer.status_code, answer["Location"]) == (302, "/omat/tiedot/poistettu/")
    assert left_of(aino) == []
    assert not User.objects.filter(email="aino@example.org").exists()
    assert not Membership.objects.filter(title="Ohjaaja").exists()
    assert StatusEvent.objects.count() == events + 1  # counts survive, and an invitation she gave was revoked
    assert Feedback.objects.count() == 2
    assert client.get("/omat/tiedot/").status_code == 302  # signed out


def test_erasing_asks_again_who_one_is_and_goes_on_then(aino, as_user):
    client = as_user(aino)
    key = client.get("/omat/tiedot/poista/").context["form"].initial["form_key"]
    told = {"email": aino.email, "form_key": key}
    answer = client.post("/omat/tiedot/poista/", told)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, AGAIN)
    assert client.post(AGAIN, {"password": "wrong"}).status_code == 200
    assert client.post("/omat/tiedot/poista/", told)["Location"].split("?")[0] == AGAIN
    assert User.objects.filter(pk=aino.pk).exists()
    show_again(client)
    client.post("/omat/tiedot/poista/", told)
    assert not User.objects.filter(pk=aino.pk).exists()


def test_a_request_to_erase_stays_in_the_log_without_a_name(aino, as_user):
    erase_by_page(as_user(aino), aino.email)
    rows = DataRequest.objects.order_by("pk")
    assert [(row.kind, row.person, row.done_by, row.note, row.done_at is None) for row in rows] == [
        ("correct", None, None, "", False),
        ("erase", None, None, "", False),
    ]


def test_erasing_ends_the_persons_sessions_and_leaves_others(aino, outsider, as_user):
    other_browser, others = as_user(aino), as_user(outsider)
    erase_by_page(as_user(aino), aino.email)
    assert other_browser.get("/omat/tiedot/").status_code == 302
    assert others.get("/omat/tiedot/").status_code == 200
    assert [session.get_decoded()["_auth_user_id"] for session in Session.objects.all()] == [str(outsider.pk)]


def test_erasing_wants_ones_own_address_typed(aino, outsider, as_user):
    client = as_user(aino)
    assert erase_by_page(client, outsider.email).status_code == 200
    assert erase_by_page(client, "").status_code == 200
    assert User.objects.filter(pk__in=[aino.pk, outsider.pk]).count() == 2


def test_looking_at_the_page_erases_nothing(aino, as_user):
    assert as_user(aino).get("/omat/tiedot/poista/").status_code == 200
    assert User.objects.filter(pk=aino.pk).exists()


def test_the_coordinator_hears_that_an_organisation_lost_its_last_editor(aino, coordinator, association, mailbox):
    requests.erase(aino, by=aino)
    assert [message.address for message in mailbox] == [coordinator.email]
    assert "Esimerkkiyhdistys" in mailbox[0].subject
    assert "Aino" not in mailbox[0].text


def test_nobody_is_told_when_another_editor_stays(aino, ngo_editor, mailbox):
    requests.erase(aino, by=aino)
    assert len(mailbox) == 0


def test_the_last_coordinator_hands_over_first(coordinator, as_user):
    client = as_user(coordinator)
    assert client.get("/omat/tiedot/poista/").context["refusal"]
    with pytest.raises(InvalidTransition):
        requests.erase(coordinator, by=coordinator)
    factories.make_user("deputy@example.org", is_staff=True)
    assert erase_by_page(client, coordinator.email).status_code == 302
    assert not User.objects.filter(pk=coordinator.pk).exists()


def test_the_named_coordinator_hands_over_first(coordinator):
    factories.make_user("deputy@example.org", is_staff=True)
    Network.objects.update(coordinator=coordinator)
    with pytest.raises(InvalidTransition):
        requests.erase(coordinator, by=coordinator)


def test_a_failure_leaves_everything_as_it_was(aino, monkeypatch):
    def fail(person):
        raise RuntimeError

    broken = personal_data.Kind(**{**vars(personal_data.KINDS["memberships"]), "erase": fail})
    monkeypatch.setitem(personal_data.KINDS, "memberships", broken)
    before = left_of(aino)
    with pytest.raises(RuntimeError):
        requests.erase(aino, by=aino)
    assert sorted(left_of(aino)) == sorted(before)


@pytest.mark.django_db(transaction=True)
def test_of_two_last_coordinators_who_leave_at_once_one_stays():
    pair = [factories.make_user(f"c{number}@example.org", is_staff=True) for number in range(2)]

    def leave(person: User) -> bool:
        try:
            requests.erase(person, by=person)
        except InvalidTransition:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(leave, pair)) == [False, True]
    assert User.objects.coordinators().count() == 1


# The desk -----------------------------------------------------------------------------------------------------------


def test_the_coordinator_gives_the_data_of_a_person_who_does_not_sign_in(aino, coordinator, as_user):
    desk = as_user(coordinator)
    address = f"/hallinta/network/user/{aino.pk}/tiedot/"
    assert desk.get(address).status_code == 200
    told = json.loads(desk.post(address).content)
    assert told["of"] == aino.email
    logged = DataRequest.objects.get(kind="access")
    assert (logged.person, logged.done_by) == (aino, coordinator)


def test_the_desk_erases_by_the_same_rules(aino, coordinator, as_user):
    desk = as_user(coordinator)
    assert desk.post(f"/hallinta/network/user/{aino.pk}/delete/", {"post": "yes"}).status_code == 302
    assert left_of(aino) == []
    logged = DataRequest.objects.get(kind="erase")
    assert (logged.person, logged.done_by) == (None, coordinator)


def test_a_request_by_telephone_is_written_down_and_done_once(aino, coordinator, as_user):
    desk = as_user(coordinator)
    desk.post("/hallinta/network/datarequest/add/", {"kind": "access", "person": aino.email, "note": "Soitti."})
    asked = DataRequest.objects.get(kind="access")
    assert (asked.person, asked.due_on) == (aino, month_later(timezone.localdate()))
    page = desk.get(f"/hallinta/network/datarequest/{asked.pk}/change/").content.decode()
    assert f"/hallinta/network/user/{aino.pk}/tiedot/" in page
    run = {"action": "close", "_selected_action": [asked.pk]}
    desk.post("/hallinta/network/datarequest/", run)
    first = DataRequest.objects.get(pk=asked.pk).done_at
    desk.post("/hallinta/network/datarequest/", run)
    asked.refresh_from_db()
    assert (asked.done_by, asked.done_at) == (coordinator, first)


def test_the_list_marks_what_is_overdue_and_shows_it_first(aino, coordinator, as_user):
    DataRequest.objects.all().delete()
    late = DataRequest.objects.create(kind="other", person=aino, due_on=timezone.localdate() - dt.timedelta(days=1))
    today = DataRequest.objects.create(kind="other", person=aino, due_on=timezone.localdate())
    requests.log_done("access", person=aino, by=aino)
    assert list(DataRequest.objects.overdue()) == [late]
    assert list(DataRequest.objects.all()[:2]) == [late, today]
    found = as_user(coordinator).get("/hallinta/network/datarequest/?state=overdue")
    assert [row.pk for row in found.context["cl"].result_list] == [late.pk]


def test_messages_that_wait_for_an_erased_person_are_not_sent(aino):
    requests.erase(aino, by=aino)
    assert not Message.objects.filter(event="test:1").exists()


# History --------------------------------------------------------------------------------------------------------------


def test_erasing_reaches_history_and_leaves_the_changes(aino, outsider, association):
    with written(by=aino, how="page"):
        Organisation.objects.filter(pk=association.pk).update(confirmed_name=aino.name, what_we_do="Autamme")
    with written(by=outsider, how="page"):
        Organisation.objects.filter(pk=association.pk).update(what_we_do="Autamme yhä")
    events = OrganisationEvent.objects.filter(pgh_obj=association)
    before = [(event.what_we_do, event.pgh_label) for event in events.order_by("pk")]
    assert Context.objects.filter(metadata__user=aino.pk).exists()
    requests.erase(aino, by=aino)
    assert not Context.objects.filter(metadata__user=aino.pk).exists()
    assert Context.objects.filter(metadata__has_key="user").count() >= 1  # the other person's
    assert not events.filter(confirmed_name=aino.name).exists()
    after = [(event.what_we_do, event.pgh_label) for event in events.order_by("pk")]
    assert after[: len(before)] == before


def test_erasing_reaches_what_stood_under_an_earlier_address_and_in_the_foot_of_pages(aino):
    """She joined with another address, and coordinated the network under an address of the office."""
    invitation = Invitation.objects.create(email="old@example.org", accepted_by=aino, accepted_at=timezone.now())
    JoinRequest.objects.create(email="old@example.org", name="Aino Ääninen", invitation=invitation)
    Network.objects.update(coordinator=aino, coordinator_name="Aino Ääninen", coordinator_email="office@example.org")
    requests.erase(aino, by=aino)
    assert left_of(aino) == []


def test_the_link_leads_to_the_desk_in_the_coordinators_language(outsider, coordinator, mailbox):
    with translation.override("sv"):
        requests.ask(outsider, "Mitt namn är fel")
    assert mailbox[0].text.count("/hallinta/network/datarequest/") == 1
    assert "/sv/" not in mailbox[0].text
