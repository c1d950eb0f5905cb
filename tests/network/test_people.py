"""Accounts: an address is the login, in any spelling; a coordinator has the whole desk and nobody else any of it."""

import datetime as dt
import re

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.utils import timezone

from network.models import Membership, User
from tests import factories

pytestmark = pytest.mark.django_db

SIGN_IN = "/tili/kirjaudu/"


def sign_in(client, address="professional@example.org", password=factories.PASSWORD, **more):
    return client.post(SIGN_IN, {"login": address, "password": password} | more)


@pytest.mark.parametrize(
    "written", ["professional@example.org", "Professional@Example.ORG", "  professional@example.org "]
)
def test_the_address_signs_in_however_it_is_written(written, client, professional):
    answer = sign_in(client, written)
    assert (answer.status_code, answer["Location"]) == (302, "/omat/#sisalto")
    assert client.session["_auth_user_id"] == str(professional.pk)


def test_a_wrong_address_and_a_wrong_password_get_the_same_answer(client, professional):
    wrong = [sign_in(client, password="wrong"), sign_in(client, "nobody@example.org")]
    texts = {re.sub(r'value="[^"]*"', "", answer.content.decode()) for answer in wrong}
    assert {answer.status_code for answer in wrong} == {200}
    assert len(texts) == 1


def test_a_closed_account_gets_the_same_answer_as_a_wrong_password(client, professional):
    wrong = sign_in(client, password="wrong")
    professional.is_active = False
    professional.save()
    closed = sign_in(client)
    assert closed.status_code == 200
    assert closed.context["form"].errors == wrong.context["form"].errors


def test_the_error_is_told_on_the_page(client, professional):
    answer = sign_in(client, password="wrong")
    (message,) = answer.context["form"].non_field_errors()
    assert message in answer.content.decode()


def test_after_signing_in_one_is_where_one_was_going(client, professional):
    assert sign_in(client, next="/verkosto/?sector=ngo")["Location"] == "/verkosto/?sector=ngo#sisalto"


@pytest.mark.parametrize(
    "away",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "\\\\evil.example",
    ],
)
def test_nobody_is_led_to_another_site(away, client, professional):
    assert sign_in(client, next=away)["Location"] == "/omat/#sisalto"


def test_the_form_suits_a_password_manager_and_a_phone(client):
    page = client.get(SIGN_IN).content.decode()
    field = re.search(r'<input[^>]*name="login"[^>]*>', page).group()
    assert re.findall(r' type="([^"]*)"', field) == ["email"]
    for part in ('autocomplete="username"', 'inputmode="email"', "required"):
        assert part in field
    assert 'autocomplete="current-password"' in page


def test_signing_out_needs_a_form_and_ends_the_session(client, professional):
    sign_in(client)
    assert client.get("/tili/kirjaudu-ulos/").status_code == 405
    assert "_auth_user_id" in client.session
    assert client.post("/tili/kirjaudu-ulos/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_signing_in_makes_a_new_session(client, professional):
    client.get(SIGN_IN)
    client.session.save()
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_demo_accounts_are_shown_in_the_demo_only(client, professional, settings):
    assert "professional@example.org" not in client.get(SIGN_IN).content.decode()
    settings.DEMO, settings.DEMO_PASSWORD = True, "demo-salasana"
    page = client.get(SIGN_IN).content.decode()
    assert "professional@example.org" in page
    assert "demo-salasana" in page


# People -----------------------------------------------------------------------------------------------------------------


def test_addresses_are_kept_in_lower_case():
    assert factories.make_user(" Aino@Example.ORG ").email == "aino@example.org"
    person = User(email="Aino@Example.Org", password="x")
    person.clean()
    assert person.email == "aino@example.org"


def test_an_account_needs_an_address():
    with pytest.raises(ValueError, match="address"):
        User.objects.create_user("", "x")


def test_a_person_without_a_password_cannot_sign_in_with_an_empty_one():
    User.objects.create_user("aino@example.org")
    for password in ("", None, "!"):
        assert authenticate(username="aino@example.org", password=password) is None


def test_only_a_coordinator_has_rights_to_the_desk(coordinator, professional, ngo_editor, expert, outsider):
    assert coordinator.has_perm("services.change_service")
    for person in (professional, ngo_editor, expert, outsider):
        assert not person.has_perm("services.change_service")
        assert not person.has_module_perms("services")
    coordinator.is_active = False
    assert not coordinator.has_perm("services.change_service")


def test_nobody_becomes_a_coordinator_through_a_form(client, professional):
    sign_in(client, is_staff="on", is_superuser="on")
    professional.refresh_from_db()
    assert not professional.is_coordinator


def test_a_person_is_called_by_name_or_address():
    assert str(factories.make_user("aino@example.org", name="Aino Esimerkki")) == "Aino Esimerkki"
    assert User.objects.get().get_short_name() == "Aino"
    assert str(User(email="b@example.org")) == "b@example.org"


def test_current_memberships_are_those_of_today(association, parish):
    person, today, day = factories.make_user(), timezone.localdate(), dt.timedelta(days=1)
    factories.make_membership(person, association, since=today - 9 * day, until=today - day)
    factories.make_membership(person, association, since=None)
    factories.make_membership(person, parish, since=today + day)
    assert [one.organisation for one in person.memberships.current()] == [association]
    assert Membership.objects.current(today + day).count() == 2


def test_a_coordinator_is_made_from_the_command_line(professional, capsys):
    call_command("make_coordinator", "Professional@Example.org")
    professional.refresh_from_db()
    assert professional.is_coordinator
    call_command("make_coordinator", "professional@example.org", remove=True)
    professional.refresh_from_db()
    assert not professional.is_coordinator
    assert "professional@example.org" in capsys.readouterr().out
