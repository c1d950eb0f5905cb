"""The coordinator's desk: who gets in, organisations, people and the network itself."""

import logging
from io import StringIO

import pytest
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext

from config.logs import JsonFormatter
from network.models import Membership, Municipality, Network, Organisation, User
from services.models import Contact
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(coordinator, as_user):
    """A client of the signed-in coordinator."""
    return as_user(coordinator)


def rows(prefix, *given, initial=0):
    """Posted fields of one inline formset."""
    data = {f"{prefix}-TOTAL_FORMS": len(given), f"{prefix}-INITIAL_FORMS": initial}
    for number, row in enumerate(given):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def organisation_form(**fields):
    data = {"name": "Uusi yhdistys", "slug": "", "kind": "association", "reach": "local", "meets": "both"}
    inlines = ("contacts", "links", "memberships", "domains", "internal_notes")
    for prefix in inlines:
        data |= rows(prefix)
    return data | fields


def person_form(**fields):
    """What the form of a person posts beside the fields that the test is about."""
    chosen = {"name_shown_to": "members", "contact_shown_to": "coordinators"}
    chosen |= {"bulletin_delivery": "weekly", "changes_delivery": "none"}
    return chosen | rows("memberships") | rows("internal_notes") | fields


def errors_of(response):
    """Every error of the page by field, those of inlines by `prefix-field`."""
    found = dict(response.context["adminform"].form.errors)
    for inline in response.context["inline_admin_formsets"]:
        for form in inline.formset.forms:
            found |= {f"{inline.formset.prefix}-{field}": errors for field, errors in form.errors.items()}
    return found


# Who gets in ----------------------------------------------------------------------------------------------------


def test_a_visitor_is_sent_to_the_portals_own_sign_in_page(client):
    response = client.get("/hallinta/network/organisation/")
    assert response.status_code == 302
    assert response["Location"] == "/tili/kirjaudu/?next=/hallinta/network/organisation/"


def test_the_admins_own_login_address_leads_to_the_sign_in_page(client):
    assert client.get("/hallinta/login/")["Location"] == "/tili/kirjaudu/?next=/hallinta/"


@pytest.mark.parametrize(
    "path", ["", "login/", "network/organisation/", "network/user/1/change/", "jsi18n/", "nowhere/"]
)
@pytest.mark.parametrize("who", ["professional", "ngo_editor", "expert", "outsider"])
def test_nobody_but_a_coordinator_gets_in(path, who, as_user, request):
    assert as_user(request.getfixturevalue(who)).get(f"/hallinta/{path}").status_code == 403


def test_a_coordinator_whose_account_is_closed_does_not_get_in(coordinator, desk):
    User.objects.filter(pk=coordinator.pk).update(is_active=False)
    assert desk.get("/hallinta/").status_code == 302


def test_the_overview_has_the_networks_name_and_every_list(desk):
    page = desk.get("/hallinta/")
    assert page.context["site_header"] == Network.current().local_name
    listed = {entry["model"] for group in page.context["app_list"] for entry in group["models"]}
    assert listed == set(admin.site._registry)
    assert "auth.Group" not in {model._meta.label for model in listed}


def test_every_list_and_every_empty_form_opens(desk):
    for model, model_admin in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert desk.get(reverse(f"{name}_changelist"), follow=True).status_code == 200, name
        may_add = model_admin.has_add_permission(desk.get("/hallinta/").wsgi_request)
        assert desk.get(reverse(f"{name}_add")).status_code == (200 if may_add else 403), name


@pytest.mark.parametrize(
    "query",
    ["q=%27%3B--", "p=9999", "p=x", "kind__exact=x", "sector=x", "o=99.-99", "nothing__such=1", "q=" + "ä" * 5000],
)
def test_odd_parameters_never_break_a_list(desk, query):
    assert desk.get(f"/hallinta/network/organisation/?{query}", follow=True).status_code in {200, 400}


def test_an_unknown_key_is_not_found(desk):
    for key in ("0", "99999999999999999999", "x"):
        assert desk.get(f"/hallinta/network/user/{key}/change/", follow=True).redirect_chain[-1][0] == "/hallinta/"


# The network -----------------------------------------------------------------------------------------------------


def test_the_network_opens_directly_and_is_neither_added_nor_deleted(desk):
    assert desk.get("/hallinta/network/network/")["Location"] == "/hallinta/network/network/1/change/"
    assert desk.get("/hallinta/network/network/add/").status_code == 403
    assert desk.get("/hallinta/network/network/1/delete/").status_code == 403


def network_form(desk):
    form = desk.get("/hallinta/network/network/1/change/").context["adminform"].form
    return {name: "" if value is None else value for name, value in form.initial.items() if name in form.fields}


def test_a_coordinator_renames_the_network(desk):
    data = network_form(desk) | {"name": "Esimerkkiverkosto"}
    response = desk.post("/hallinta/network/network/1/change/", data)
    assert response.status_code == 302
    assert Network.current().name == "Esimerkkiverkosto"


@pytest.mark.parametrize(("months", "refused"), [(0, True), (1, False), (12, False), (121, True)])
def test_listings_are_due_after_some_months(desk, months, refused):
    data = network_form(desk) | {"confirm_due_months": months}
    response = desk.post("/hallinta/network/network/1/change/", data)
    assert response.status_code == (200 if refused else 302)
    assert Network.current().confirm_due_months == (6 if refused else months)
    if refused:
        assert list(errors_of(response)) == ["confirm_due_months"]


@pytest.mark.parametrize(
    ("periods", "wrong"),
    [
        ((6, 12, 18), []),
        ((6, 6, 6), []),
        ((13, 12, 18), ["late"]),
        ((6, 19, 18), ["hide"]),
        ((6, 5, 4), ["hide", "late"]),
    ],
)
def test_the_later_periods_are_not_shorter(periods, wrong, desk):
    names = ("due", "late", "hide")
    data = network_form(desk) | {f"confirm_{name}_months": months for name, months in zip(names, periods, strict=True)}
    response = desk.post("/hallinta/network/network/1/change/", data)
    assert response.status_code == (200 if wrong else 302)
    if wrong:
        assert sorted(errors_of(response)) == [f"confirm_{name}_months" for name in wrong]


def test_a_person_is_not_reminded_every_hour(desk):
    data = network_form(desk) | {"remind_days": 0}
    assert list(errors_of(desk.post("/hallinta/network/network/1/change/", data))) == ["remind_days"]


def test_looking_at_the_network_writes_nothing(desk):
    Network.objects.all().delete()
    page = desk.get("/hallinta/network/network/", follow=True)
    assert page.context["adminform"].form.initial["name"] == Network.current().name
    assert not Network.objects.exists()
    assert desk.post("/hallinta/network/network/1/change/", network_form(desk)).status_code == 302
    assert Network.objects.get().pk == 1
    assert desk.get("/hallinta/network/network/2/change/").status_code == 302


# Organisations ---------------------------------------------------------------------------------------------------


def test_a_new_organisation_gets_its_address_from_its_name(desk):
    factories.make_organisation(slug="aamunkajo-ry")
    desk.post("/hallinta/network/organisation/add/", organisation_form(name="Äämunkajo ry"))
    assert Organisation.objects.get(name="Äämunkajo ry").slug == "aamunkajo-ry-2"


@pytest.mark.parametrize(
    "slug", ["kartta", "Isot-Kirjaimet", "ala_viiva", "ääkköset", "-viiva", "a--b", "välilyönti on"]
)
def test_a_reserved_or_unreadable_address_is_refused_at_its_field(desk, slug):
    response = desk.post("/hallinta/network/organisation/add/", organisation_form(slug=slug))
    assert list(errors_of(response)) == ["slug"]
    assert not Organisation.objects.exists()


def test_an_organisation_keeps_its_address_when_its_name_changes(desk, association):
    url = f"/hallinta/network/organisation/{association.pk}/change/"
    desk.post(url, organisation_form(name="Toinen nimi", slug=association.slug))
    association.refresh_from_db()
    assert (association.name, association.slug) == ("Toinen nimi", "esimerkkiyhdistys")
    assert list(errors_of(desk.post(url, organisation_form(name="Kolmas nimi", slug="")))) == ["slug"]


@pytest.mark.parametrize("field", ["parent"])
def test_an_organisation_cannot_come_round_to_itself(desk, field):
    top = factories.make_organisation("Ylin")
    middle = factories.make_organisation("Keski", **{field: top})
    low = factories.make_organisation("Alin", **{field: middle})
    for way_round in (top, low):
        url = f"/hallinta/network/organisation/{top.pk}/change/"
        response = desk.post(url, organisation_form(name="Ylin", slug=top.slug, **{field: way_round.pk}))
        assert field in errors_of(response)
    top.refresh_from_db()
    assert getattr(top, field) is None


def test_an_organisation_gets_contacts_links_and_people(desk, association, professional):
    data = organisation_form(slug=association.slug, name=association.name)
    data |= rows("contacts", {"kind": "phone", "value": "040 000 0000", "position": 0})
    data |= rows("links", {"title": "Vuosikertomus", "url": "https://example.org/vuosi", "position": 0})
    data |= rows("memberships", {"person": "Professional@Example.org", "is_editor": "on", "since": "2026-01-01"})
    response = desk.post(f"/hallinta/network/organisation/{association.pk}/change/", data)
    assert response.status_code == 302
    assert association.contacts.get().value == "040 000 0000"
    assert association.links.get().title == "Vuosikertomus"
    assert association.memberships.get().person == professional


def test_a_wrong_contact_is_told_at_its_field(desk, association):
    data = organisation_form(slug=association.slug) | rows(
        "contacts", {"kind": "phone", "value": "soita!", "position": 0}
    )
    response = desk.post(f"/hallinta/network/organisation/{association.pk}/change/", data)
    assert list(errors_of(response)) == ["contacts-value"]
    assert not Contact.objects.exists()


@pytest.mark.parametrize("address", ["nobody@example.org", "not an address"])
def test_a_person_without_an_account_is_not_made_a_member(desk, association, address):
    data = organisation_form(slug=association.slug) | rows("memberships", {"person": address, "since": "2026-01-01"})
    response = desk.post(f"/hallinta/network/organisation/{association.pk}/change/", data)
    assert list(errors_of(response)) == ["memberships-person"]


def test_one_person_is_not_made_a_member_twice_in_one_form(desk, association, outsider):
    twice = [{"person": outsider.email, "since": "2026-01-01"}] * 2
    data = organisation_form(slug=association.slug) | rows("memberships", *twice)
    response = desk.post(f"/hallinta/network/organisation/{association.pk}/change/", data)
    assert list(errors_of(response)) == ["memberships-person"]
    assert not Membership.objects.exists()


def test_the_list_is_found_by_name_and_narrowed_by_sector_and_municipality(desk, region):
    there = factories.make_organisation("Lehdon seurakunta", kind="parish", municipality=Municipality.objects.first())
    factories.make_organisation("Hanke", kind="project", parent=there)
    factories.make_organisation("Lehdon yhdistys")

    def names(query):
        page = desk.get(f"/hallinta/network/organisation/?{query}")
        return [row.name for row in page.context["cl"].result_list]

    assert names("q=lehdon") == ["Lehdon seurakunta", "Lehdon yhdistys"]
    assert names("sector=parish") == ["Hanke", "Lehdon seurakunta"]
    assert names(f"municipality__code__exact={there.municipality_id}") == ["Lehdon seurakunta"]


def test_the_list_of_organisations_costs_the_same_with_one_row_and_with_three(desk):
    def cost(path):
        desk.get(path)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert desk.get(path).status_code == 200
        return len(queries)

    municipality = Municipality.objects.first()
    top = factories.make_organisation(municipality=municipality)
    factories.make_membership(factories.make_user(), top)
    path, form = "/hallinta/network/organisation/", f"/hallinta/network/organisation/{top.pk}/change/"
    people, memberships = "/hallinta/network/user/", "/hallinta/network/membership/"
    before = [cost(url) for url in (path, form, people, memberships)]
    for _number in range(2):
        other = factories.make_organisation(parent=top, municipality=municipality)
        person = factories.make_user()
        factories.make_membership(person, other)
        factories.make_membership(person, top)
        factories.make_contact(organisation=top)
    assert [cost(url) for url in (path, form, people, memberships)] == before


# What others do while a form is open ---------------------------------------------------------------------------------


def meanwhile(monkeypatch, model, act):
    """The act happens when a form of the model has been read and found valid, just before it is saved."""
    model_admin = type(admin.site.get_model_admin(model))
    save = model_admin.save_model

    def save_after_somebody_else(self, request, obj, form, change):
        act(obj)
        save(self, request, obj, form, change)

    monkeypatch.setattr(model_admin, "save_model", save_after_somebody_else)


RACE = "This could not be saved: somebody changed the same thing at the same moment. Check and try again."


def test_of_two_who_take_the_same_address_at_once_the_second_gets_the_form_back(desk, monkeypatch, caplog):
    meanwhile(monkeypatch, Organisation, lambda mine: factories.make_organisation(slug=mine.slug))
    data = organisation_form(name="Salainen nimi", slug="sama", description="Pitkä kuvaus\nkahdella rivillä")
    data |= rows("contacts", {"kind": "phone", "value": "040 000 0000", "position": 0})
    response = desk.post("/hallinta/network/organisation/add/", data)
    assert errors_of(response) == {"__all__": [gettext(RACE)]}
    page = response.content.decode()
    for typed in ("Salainen nimi", "Pitkä kuvaus\nkahdella rivillä", "040 000 0000"):
        assert typed in page
    assert not Organisation.objects.exists()
    (record,) = [record for record in caplog.records if record.name == "network.admin.base"]
    written = JsonFormatter().format(record) + logging.Formatter().format(record)
    assert "network_organisation_slug" in written
    assert not [typed for typed in ("Salainen", "sama)", "kuvaus", "040") if typed in written]


def test_a_rule_that_only_the_database_saw_broken_is_told_in_its_own_words(desk, association, monkeypatch):
    meanwhile(
        monkeypatch,
        Organisation,
        lambda mine: Organisation.objects.filter(pk=mine.pk).update(active_until="2020-01-01"),
    )
    url = f"/hallinta/network/organisation/{association.pk}/change/"
    data = organisation_form(name="Muutettu", slug=association.slug, active_from="2026-01-01")
    response = desk.post(url, data)
    assert errors_of(response) == {"__all__": [gettext("The last day is before the first.")]}
    assert 'value="Muutettu"' in response.content.decode()
    association.refresh_from_db()
    assert association.name == "Esimerkkiyhdistys ry"


def test_an_unexpected_refusal_is_not_called_a_race(desk, monkeypatch):
    def break_a_rule(mine):
        mine.name = None

    meanwhile(monkeypatch, Organisation, break_a_rule)
    response = desk.post("/hallinta/network/organisation/add/", organisation_form())
    (reason,) = errors_of(response)["__all__"]
    assert reason == gettext("This could not be saved: the database refused it. What happened is in the portal's log.")


def test_what_somebody_deleted_meanwhile_does_not_come_back(desk, association, monkeypatch):
    meanwhile(monkeypatch, Organisation, lambda mine: Organisation.objects.filter(pk=mine.pk).delete())
    response = desk.post(
        f"/hallinta/network/organisation/{association.pk}/change/",
        organisation_form(slug=association.slug),
        follow=True,
    )
    assert response.redirect_chain[-1][0] == "/hallinta/"
    assert [message.level_tag for message in response.context["messages"]] == ["warning"]


def test_rights_taken_away_while_a_form_is_open_stay_away(desk, monkeypatch):
    other = factories.make_user("other@example.org", is_staff=True)
    meanwhile(monkeypatch, User, lambda _mine: make_coordinator("other@example.org", "--remove"))
    data = person_form(name="Uusi nimi", language="fi")
    assert desk.post(f"/hallinta/network/user/{other.pk}/change/", data).status_code == 302
    other.refresh_from_db()
    assert (other.name, other.is_staff) == ("Uusi nimi", False)


def test_two_who_change_different_facts_both_get_theirs(desk, association, monkeypatch):
    meanwhile(
        monkeypatch,
        Organisation,
        lambda mine: Organisation.objects.filter(pk=mine.pk).update(website="https://example.org/"),
    )
    before = association.updated_at
    data = organisation_form(name="Uusi nimi", slug=association.slug)
    assert desk.post(f"/hallinta/network/organisation/{association.pk}/change/", data).status_code == 302
    association.refresh_from_db()
    assert (association.name, association.website) == ("Uusi nimi", "https://example.org/")
    assert association.updated_at > before


# People ----------------------------------------------------------------------------------------------------------


def test_a_person_is_added_by_address_alone_without_password_or_rights(desk):
    data = {
        "email": "Uusi.Ihminen@Example.org",
        "language": "fi",
        "is_staff": "on",
        "is_superuser": "on",
        "password": "x" * 20,
        "groups": "1",
    } | rows("memberships")
    assert desk.post("/hallinta/network/user/add/", data).status_code == 302
    person = User.objects.get(email="uusi.ihminen@example.org")
    assert (person.is_staff, person.is_superuser, person.has_usable_password()) == (False, False, False)


def test_an_address_that_has_an_account_is_refused_at_its_field(desk, outsider):
    response = desk.post(
        "/hallinta/network/user/add/", {"email": outsider.email.upper(), "language": "fi"} | rows("memberships")
    )
    assert response.status_code == 200
    assert User.objects.count() == 2


def test_nobody_becomes_staff_through_the_form(desk, outsider):
    data = {
        "email": outsider.email, "name": "Uusi nimi", "language": "fi", "is_active": "on", "is_staff": "on",
        "is_superuser": "on", "password": "x", "user_permissions": "1",
    }  # fmt: skip
    password = outsider.password
    assert desk.post(f"/hallinta/network/user/{outsider.pk}/change/", person_form(**data)).status_code == 302
    outsider.refresh_from_db()
    assert (outsider.name, outsider.is_staff, outsider.is_superuser) == ("Uusi nimi", False, False)
    assert outsider.password == password


def test_a_coordinators_address_and_account_are_not_changed_by_another(desk):
    other = factories.make_user("other@example.org", is_staff=True)
    data = person_form(email="mine@example.org", name="Nimi", language="sv")
    assert desk.post(f"/hallinta/network/user/{other.pk}/change/", data).status_code == 302
    other.refresh_from_db()
    assert (other.email, other.name, other.is_active) == ("other@example.org", "Nimi", True)
    assert desk.post(f"/hallinta/network/user/{other.pk}/delete/", {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"}
    desk.post("/hallinta/network/user/", action)
    assert User.objects.filter(pk=other.pk).exists()


def test_people_are_found_by_address_and_name(desk, outsider):
    page = desk.get("/hallinta/network/user/?q=outsider@")
    assert [person.email for person in page.context["cl"].result_list] == [outsider.email]


# The only way to become a coordinator ---------------------------------------------------------------------------------


def make_coordinator(*arguments):
    out = StringIO()
    call_command("make_coordinator", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_makes_a_new_coordinator_without_a_password():
    told = make_coordinator("Aino@Example.org", "--name", "Aino Esimerkki")
    person = User.objects.get(email="aino@example.org")
    assert (person.is_coordinator, person.is_superuser, person.has_usable_password()) == (True, False, False)
    assert person.name == "Aino Esimerkki"
    assert "changepassword aino@example.org" in told


def test_the_command_promotes_an_account_and_keeps_its_name_and_password(outsider):
    User.objects.filter(pk=outsider.pk).update(name="Oma nimi")
    assert make_coordinator(outsider.email) == "outsider@example.org is now a coordinator.\n"
    outsider.refresh_from_db()
    assert (outsider.is_coordinator, outsider.name) == (True, "Oma nimi")
    assert outsider.check_password(factories.PASSWORD)
    assert make_coordinator(outsider.email) == "outsider@example.org was a coordinator already.\n"


def test_the_command_takes_the_rights_away_and_leaves_the_account(coordinator):
    assert make_coordinator(coordinator.email, "--remove") == "coordinator@example.org is no longer a coordinator.\n"
    coordinator.refresh_from_db()
    assert (coordinator.is_staff, coordinator.is_superuser, coordinator.is_active) == (False, False, True)


def test_the_flag_of_djangos_superusers_opens_nothing_by_itself(as_user):
    person = factories.make_user("super@example.org", is_superuser=True)
    assert as_user(person).get("/hallinta/").status_code == 403
    assert not person.has_perm("services.change_service")
    assert make_coordinator(person.email, "--remove") == "super@example.org was not a coordinator.\n"
    person.refresh_from_db()
    assert not person.is_superuser


@pytest.mark.parametrize("arguments", [["not an address"], ["nobody@example.org", "--remove"]])
def test_the_command_says_what_is_wrong_and_changes_nothing(arguments):
    with pytest.raises(CommandError):
        make_coordinator(*arguments)
    assert not User.objects.exists()
