"""A coordinator without a second factor reaches nothing of a coordinator's, and is led to set one up."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from network.accounts import urls
from network.accounts.middleware import WAYS_THERE
from network.models import StatusEvent, User
from tests import factories
from tests.test_access import everywhere

from .signing import SECOND_STEP, SET_UP, app_code, by_password, is_in, show_again

pytestmark = pytest.mark.django_db

AGAIN = "/tili/kaksivaiheinen/varmista/"


@pytest.fixture
def without(coordinator) -> Client:
    """A coordinator who has signed in and has no second factor."""
    client = Client()
    by_password(client, coordinator.email)
    assert is_in(client)
    return client


@pytest.fixture
def in_use(coordinator) -> Authenticator:
    return factories.make_second_factor(coordinator)


def test_after_signing_in_a_coordinator_is_led_to_set_it_up(client, coordinator):
    assert by_password(client, coordinator.email, next="/hallinta/")["Location"] == SET_UP


def test_no_address_of_the_desk_opens_without_it(without):
    desk = {name: route for name, route in everywhere().items() if name.startswith("admin:")}
    assert len(desk) > 50
    desk["admin:app_list"] = "hallinta/network/"
    for name, route in desk.items():
        address = "/" + re.sub(r"<[^>]*>|\(\?P<.*", "1", route)
        for ask in (without.get, without.post):
            answer = ask(address)
            assert (name, answer.status_code, answer["Location"].split("?")[0]) == (name, 302, SET_UP)


@pytest.mark.parametrize("language", ["/sv", "/en"])
def test_nor_in_another_language(language, without):
    assert without.get(f"{language}/hallinta/network/user/")["Location"].startswith(f"{language}{SET_UP}")


def test_nothing_is_changed_by_a_form_sent_without_it(without, professional):
    without.post(f"/hallinta/network/user/{professional.pk}/change/", {"email": "other@example.org", "language": "fi"})
    without.post(f"/hallinta/network/user/{professional.pk}/delete/", {"post": "yes"})
    assert User.objects.get(pk=professional.pk).email == "professional@example.org"


def test_open_pages_show_such_a_person_what_they_show_to_anybody(without, association):
    draft = factories.make_service(organisation=association, published=False)
    assert without.get("/palvelut/").status_code == 200
    assert without.get(draft.get_absolute_url()).status_code == 404


def test_with_it_the_desk_opens(coordinator, as_user, association):
    draft = factories.make_service(organisation=association, published=False)
    client = as_user(coordinator)
    assert client.get("/hallinta/").status_code == 200
    assert client.get(draft.get_absolute_url()).status_code == 200


def test_others_need_none(professional, client):
    assert by_password(client, professional.email)["Location"] == "/omat/#sisalto"


def test_the_demo_asks_for_none_and_says_so_on_every_page(without, settings):
    settings.DEMO = True
    assert without.get("/hallinta/").status_code == 200
    for address in ("/", "/palvelut/", "/tili/kirjaudu/", "/tietoa/"):
        assert "a second step" in Client().get(f"/en{address}").content.decode()


def test_setting_it_up_from_signing_in_to_the_desk(without, coordinator, mailbox, django_capture_on_commit_callbacks):
    assert without.get(SET_UP)["Location"].startswith("/tili/varmista/")
    show_again(without)
    page = without.get(SET_UP)
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    assert "<svg" in page.content.decode()
    assert without.post(SET_UP, {"code": "000000"}).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        answer = without.post(SET_UP, {"code": app_code(secret)})
    assert answer["Location"] == "/tili/kaksivaiheinen/varakoodit/"
    codes = without.get("/tili/kaksivaiheinen/varakoodit/")
    assert len(codes.context["unused_codes"]) == 10
    assert without.get("/hallinta/").status_code == 200
    assert [message.event.split(":")[0] for message in mailbox.to(coordinator.email)] == ["changed"]


def test_setting_it_up_gives_the_session_a_new_name(without):
    show_again(without)
    secret = without.get(SET_UP).context["form"].secret
    before = without.session.session_key
    without.post(SET_UP, {"code": app_code(secret)})
    assert without.session.session_key != before


def test_nobody_sets_it_up_without_showing_who_they_are(without):
    assert without.post(SET_UP, {"code": "000000"})["Location"].startswith("/tili/varmista/")
    assert not Authenticator.objects.exists()


def test_a_session_from_before_it_was_set_up_must_show_it_too(without, in_use):
    assert without.get("/hallinta/")["Location"].startswith(AGAIN)
    assert without.post(AGAIN, {"code": app_code()}).status_code == 302
    assert without.get("/hallinta/").status_code == 200


def test_the_app_is_asked_for_at_signing_in(client, coordinator, in_use):
    assert by_password(client, coordinator.email)["Location"] == SECOND_STEP
    assert not is_in(client)
    assert client.get("/hallinta/")["Location"].startswith("/hallinta/login/")
    assert client.post(SECOND_STEP, {"code": app_code(periods=9)}).status_code == 200
    assert not is_in(client)
    assert client.post(SECOND_STEP, {"code": app_code()}).status_code == 302
    assert client.get("/hallinta/").status_code == 200


def test_a_code_of_the_app_works_once(client, coordinator, in_use):
    code = app_code()
    by_password(client, coordinator.email)
    client.post(SECOND_STEP, {"code": code})
    other = Client()
    by_password(other, coordinator.email)
    assert other.post(SECOND_STEP, {"code": code}).status_code == 200
    assert not is_in(other)


def test_a_recovery_code_works_once(client, coordinator, in_use):
    code = factories.RECOVERY_CODES[7]
    by_password(client, coordinator.email)
    client.post(SECOND_STEP, {"code": code})
    assert client.get("/hallinta/").status_code == 200
    other = Client()
    by_password(other, coordinator.email)
    assert other.post(SECOND_STEP, {"code": code}).status_code == 200
    assert not is_in(other)


def test_five_wrong_codes_stop_more_tries_for_a_while(client, coordinator, in_use):
    by_password(client, coordinator.email)
    for _time in range(5):
        client.post(SECOND_STEP, {"code": app_code(periods=9)})
    answer = client.post(SECOND_STEP, {"code": app_code()})
    assert answer.status_code == 200
    assert not is_in(client)


def test_new_recovery_codes_end_the_old_ones(coordinator, as_user, client):
    person = as_user(coordinator)
    show_again(person)
    assert person.post("/tili/kaksivaiheinen/varakoodit/uudet/").status_code == 302
    by_password(client, coordinator.email)
    client.post(SECOND_STEP, {"code": factories.RECOVERY_CODES[0]})
    assert not is_in(client)


def test_recovery_codes_are_shown_to_who_has_shown_who_they_are(coordinator, as_user):
    client = as_user(coordinator)
    page = client.get("/tili/kaksivaiheinen/varakoodit/")
    assert page.status_code == 302 or factories.RECOVERY_CODES[0] not in page.content.decode()
    assert client.get("/tili/kaksivaiheinen/varakoodit/lataa/").status_code in {302, 403}
    show_again(client)
    assert factories.RECOVERY_CODES[0] in client.get("/tili/kaksivaiheinen/varakoodit/").content.decode()


def test_who_removes_it_is_no_coordinator_until_it_is_set_up_again(coordinator, as_user):
    here, elsewhere = as_user(coordinator), as_user(coordinator)
    assert here.post("/tili/kaksivaiheinen/sovellus/poista/")["Location"].startswith("/tili/varmista/")
    show_again(here)
    assert here.post("/tili/kaksivaiheinen/sovellus/poista/").status_code == 302
    for client in (here, elsewhere):
        assert client.get("/hallinta/")["Location"].startswith(SET_UP)
    assert not Authenticator.objects.exists()


def test_a_factor_shown_before_does_not_count_for_a_new_one(coordinator, as_user):
    client = as_user(coordinator)
    Authenticator.objects.all().delete()
    factories.make_second_factor(coordinator)
    assert client.get("/hallinta/")["Location"].startswith(AGAIN)


def test_a_factor_of_somebody_else_in_the_session_does_not_count(coordinator, professional, as_user):
    client = as_user(coordinator)
    session = client.session
    session["account_authentication_methods"][0]["id"] = factories.make_second_factor(professional).pk
    session.save()
    assert client.get("/hallinta/").status_code == 302


def test_a_member_may_have_one_too(professional, client):
    factories.make_second_factor(professional)
    assert by_password(client, professional.email)["Location"] == SECOND_STEP
    client.post(SECOND_STEP, {"code": app_code()})
    assert is_in(client)


def test_the_keeper_removes_a_lost_one_on_the_server(coordinator, in_use, client, capsys):
    call_command("remove_second_factor", "Coordinator@example.org")
    assert by_password(client, coordinator.email)["Location"] == SET_UP
    assert "coordinator@example.org" in capsys.readouterr().out


def test_a_coordinator_removes_a_members_lost_one_and_the_member_hears_of_it(
    professional, coordinator, as_user, client, mailbox
):
    factories.make_second_factor(professional)
    desk, address = as_user(coordinator), f"/hallinta/network/user/{professional.pk}/vaihe/"
    assert desk.get(address).status_code == 200
    assert Authenticator.objects.filter(user=professional).exists()
    for _press in range(2):
        assert desk.post(address).status_code == 302
    (_message,) = mailbox.to(professional.email)
    assert StatusEvent.objects.of(professional).get().by == coordinator
    by_password(client, professional.email)
    assert is_in(client)


def test_a_coordinators_own_is_not_removed_at_the_desk(coordinator, professional, as_user):
    deputy = factories.make_user("deputy@example.org", is_staff=True)
    factories.make_second_factor(deputy)
    address = f"/hallinta/network/user/{deputy.pk}/vaihe/"
    assert as_user(coordinator).post(address).status_code == 403
    assert as_user(professional).post(address).status_code == 403
    assert Authenticator.objects.filter(user=deputy).exists()


def test_only_coordinators_sessions_are_asked_about_it(professional, coordinator, as_user):
    for person, times in ((professional, 0), (coordinator, 1)):
        client = as_user(person)
        with CaptureQueriesContext(connection) as queries:
            client.get("/tietoa/")
        assert sum("mfa_authenticator" in query["sql"] for query in queries) == times


def test_the_picture_is_drawn_in_the_page(without):
    show_again(without)
    page = without.get(SET_UP).content.decode()
    assert "data:" not in page
    assert "style=" not in page


def test_only_the_pages_of_ones_account_are_on_the_way(without):
    """The middleware lets through by address: everything under it belongs to signing in."""
    through = {name for name, route in everywhere().items() if WAYS_THERE.match(route)}
    own = {pattern.name for pattern in urls.urlpatterns} | {urls.callback.name}
    assert through == own
    assert without.get("/sv/tili/istunnot/").status_code == 200
