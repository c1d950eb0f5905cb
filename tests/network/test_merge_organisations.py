"""An organisation merges into another, or gives its place to one: what lives moves, what was stays, links lead on."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from network import succession
from network.models import (
    Competence,
    Invitation,
    Membership,
    Municipality,
    Organisation,
    OrganisationAddress,
    OrganisationDomain,
    OrganisationLink,
    StatusEvent,
)
from services.models import Contact, Service, ServicePlace

from .. import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date.today


def test_every_column_that_points_at_an_organisation_moves_or_is_told_to_stay():
    told = succession.STAYS | {relation for each in succession.MOVES.values() for relation in each.models}
    pointing = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.related_model is Organisation and not model._meta.proxy
    }
    pointing -= {name for name in pointing if "Event." in name}  # history
    assert pointing - told == set()


@pytest.fixture
def old(db) -> Organisation:
    return factories.make_organisation("Vanha ry", slug="vanha")


@pytest.fixture
def new(db) -> Organisation:
    return factories.make_organisation("Uusi ry", slug="uusi-ry")


def test_what_lives_moves(old, new, coordinator):
    service, draft = factories.make_service(organisation=old), factories.make_service(organisation=old, published=False)
    both = factories.make_service(producers=[old.pk, new.pk])
    one = factories.make_service(producers=[old.pk])
    moved, same = (factories.make_contact(organisation=old, value=value) for value in ("040 1", "040 2"))
    factories.make_contact(organisation=new, value="040 2")
    OrganisationLink.objects.create(organisation=old, title="x", url="https://example.org/a")
    OrganisationLink.objects.create(organisation=old, title="x", url="https://example.org/b")
    OrganisationLink.objects.create(organisation=new, title="x", url="https://example.org/b")
    OrganisationDomain.objects.create(organisation=old, domain="vanha.example.org")
    unit = factories.make_organisation(parent=old)
    old.competences.add(Competence.objects.create(code="talk", name="Puhuminen"))
    old.municipalities_served.add(Municipality.objects.get(code="205"))
    new.municipalities_served.add(Municipality.objects.get(code="290"))
    place = ServicePlace.objects.create(service=one, premises_of=old)
    planned = dict(zip(succession.MOVES, [count for _title, count in succession.plan(old, new)], strict=True))
    old.merge_into(new, by=coordinator)
    assert {code: count for code, count in planned.items() if count} == {
        "units": 1, "links": 1, "domains": 1, "competences": 1,
        "municipalities": 1, "services": 2, "producers": 2, "contacts": 1, "premises": 1,
    }  # fmt: skip
    assert set(Service.objects.filter(organisation=new)) == {service, draft}
    assert [list(each.producers.all()) for each in (both, one)] == [[new], [new]]
    assert set(Contact.objects.filter(organisation=old)) == {same}
    assert Contact.objects.get(pk=moved.pk).organisation == new
    assert new.links.count() == 2
    assert new.domains.get().domain == "vanha.example.org"
    assert list(new.children.all()) == [unit]
    assert [competence.code for competence in new.competences.all()] == ["talk"]
    assert {place.code for place in new.municipalities_served.all()} == {"205", "290"}
    place.refresh_from_db()
    assert place.premises_of == new


def test_what_was_stays(old, new, coordinator):
    person = factories.make_user()
    ended = factories.make_membership(person, old, since="2020-01-01", until="2021-01-01", is_editor=True)
    service = factories.make_service(organisation=old, confirmed_organisation=old)
    old.merge_into(new, by=coordinator)
    old.refresh_from_db()
    assert (old.merged_into, old.active_until, old.is_active) == (new, timezone.localdate(), False)
    ended.refresh_from_db()
    assert ended.organisation == old
    assert new.memberships.count() == 0
    service.refresh_from_db()
    assert service.confirmed_organisation == old
    event = StatusEvent.objects.of(old).get()
    assert (event.status, event.by, event.note) == ("merged", coordinator, "→ uusi-ry")


def test_succession_has_its_day(old, new, coordinator):
    day = timezone.localdate() - dt.timedelta(days=30)
    factories.make_membership(factories.make_user(), old, since=day - dt.timedelta(days=9))
    old.merge_into(new, by=coordinator, on=day)
    assert Organisation.objects.get(pk=old.pk).active_until == day
    assert old.memberships.get().until == day
    assert new.memberships.get().since == day


# Rights ---------------------------------------------------------------------------------------------------------------


def rights(organisation: Organisation) -> list[tuple[str, bool, bool]]:
    current = organisation.memberships.current().filter(until__isnull=True).order_by("person__email")
    return [(row.person.email, row.is_editor, row.is_contact_person) for row in current]


@pytest.mark.parametrize("stay", [True, False])
def test_the_right_to_edit_goes_along_only_when_that_was_chosen(stay, old, new, coordinator, mailbox):
    editor, member, both = (factories.make_user(f"{name}@example.org") for name in ("a-editor", "b-member", "c-both"))
    factories.make_membership(editor, old, is_editor=True, title="Ohjaaja")
    factories.make_membership(member, old, is_contact_person=True)
    factories.make_membership(both, old, is_editor=True)
    factories.make_membership(both, new)
    own = factories.make_user("own@example.org")
    factories.make_membership(own, new, is_editor=True)
    Invitation.objects.create(email="asked@example.org", organisation=old, is_editor=True)
    Invitation.objects.create(email="twice@example.org", organisation=old)
    Invitation.objects.create(email="twice@example.org", organisation=new)
    old.merge_into(new, by=coordinator, editors_stay=stay)
    assert rights(new) == [
        ("a-editor@example.org", stay, False),
        ("b-member@example.org", False, True),
        ("c-both@example.org", stay, False),
        ("own@example.org", True, False),
    ]
    assert Membership.objects.get(person=editor, organisation=new).title == "Ohjaaja"
    assert all(row.until == timezone.localdate() for row in old.memberships.all())
    assert Invitation.objects.get(email="asked@example.org").organisation == new
    assert Invitation.objects.get(email="asked@example.org").is_editor is stay
    assert Invitation.objects.open().filter(email="twice@example.org").count() == 1
    assert StatusEvent.objects.get(status="revoked").by == coordinator
    assert sorted(message.address for message in mailbox) == [
        "a-editor@example.org", "b-member@example.org", "c-both@example.org",
    ]  # fmt: skip


def test_a_membership_that_has_not_begun_begins_in_the_new_one(old, new, coordinator):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    factories.make_membership(factories.make_user(), old, since=tomorrow)
    old.merge_into(new, by=coordinator)
    assert old.memberships.count() == 0
    assert new.memberships.get().since == tomorrow


# The tree -------------------------------------------------------------------------------------------------------------


def test_a_unit_takes_the_place_of_the_body_above_it(old, coordinator):
    top = factories.make_organisation()
    Organisation.objects.filter(pk=old.pk).update(parent=top)
    middle, other = (factories.make_organisation(parent=old) for _each in range(2))
    deep = factories.make_organisation(parent=middle)
    old.refresh_from_db()
    old.merge_into(deep, by=coordinator)
    parents = {body.pk: body.parent_id for body in Organisation.objects.all()}
    assert (parents[middle.pk], parents[other.pk], parents[deep.pk]) == (top.pk, deep.pk, middle.pk)
    assert len(list(Organisation.objects.with_tree_fields())) == 5  # no circle: a tree can be read


def test_what_cannot_be_is_refused_and_moves_nothing(old, new, coordinator):
    service = factories.make_service(organisation=old)
    third = factories.make_organisation()
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    with pytest.raises(ValidationError):
        old.merge_into(old, by=coordinator)
    with pytest.raises(ValidationError):
        old.merge_into(new, by=coordinator, on=tomorrow)
    Organisation.objects.filter(pk=old.pk).update(active_from=timezone.localdate())
    with pytest.raises(ValidationError):
        old.merge_into(new, by=coordinator, on=timezone.localdate() - dt.timedelta(days=1))
    new.merge_into(third, by=coordinator)
    with pytest.raises(ValidationError):
        old.merge_into(new, by=coordinator)  # into what is not there any more
    with pytest.raises(ValidationError):
        new.merge_into(old, by=coordinator)  # twice
    service.refresh_from_db()
    assert service.organisation == old
    assert StatusEvent.objects.of(old).count() == 0


def test_two_cannot_merge_into_each_other(old, new, coordinator):
    old.merge_into(new, by=coordinator)
    with pytest.raises(ValidationError):
        new.merge_into(old, by=coordinator)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("crossed", [False, True])
def test_of_two_mergers_at_once_one_is_made(crossed):
    one, two, three = (factories.make_organisation(slug=slug) for slug in ("yksi", "kaksi", "kolme"))
    factories.make_membership(factories.make_user(), one)
    pairs = [(one, two), (two, one)] if crossed else [(one, two), (one, three)]

    def merge(pair) -> bool:
        try:
            pair[0].merge_into(pair[1], by=None)
        except ValidationError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(merge, pairs)) == [False, True]
    assert StatusEvent.objects.filter(status="merged").count() == 1
    assert Membership.objects.filter(until__isnull=True).count() == 1


# Addresses ------------------------------------------------------------------------------------------------------------


def rename(organisation: Organisation, slug: str) -> None:
    Organisation.objects.filter(pk=organisation.pk).update(slug=slug)


def test_an_old_address_leads_on_for_good(old, new, coordinator, client):
    rename(old, "keski")
    rename(old, "nyt")
    for address in ("vanha", "keski"):
        answer = client.get(f"/verkosto/{address}/")
        assert (answer.status_code, answer["Location"]) == (301, "/verkosto/nyt/")
    old.refresh_from_db()
    old.merge_into(new, by=coordinator)
    for address in ("vanha", "keski", "nyt"):
        answer = client.get(f"/verkosto/{address}/")
        assert (answer.status_code, answer["Location"]) == (301, "/verkosto/uusi-ry/")
    new.refresh_from_db()
    last = factories.make_organisation(slug="viimeinen")
    new.merge_into(last, by=coordinator)
    for address in ("vanha", "keski", "nyt", "uusi-ry"):
        assert client.get(f"/verkosto/{address}/")["Location"] == "/verkosto/viimeinen/"
    assert client.get("/verkosto/viimeinen/").status_code == 200
    assert client.get("/sv/verkosto/vanha/")["Location"] == "/sv/verkosto/viimeinen/"
    assert client.get("/verkosto/ei-ole/").status_code == 404


def test_an_old_address_is_never_given_to_another(old, new):
    rename(old, "nyt")
    with pytest.raises(IntegrityError, match="led to another"), transaction.atomic():
        factories.make_organisation(slug="vanha")
    with pytest.raises(IntegrityError), transaction.atomic():
        rename(new, "vanha")
    assert OrganisationAddress.objects.get().organisation == old


def test_an_organisation_may_take_its_own_address_back(old, client):
    rename(old, "nyt")
    rename(old, "vanha")
    assert [address.slug for address in OrganisationAddress.objects.all()] == ["nyt"]
    assert client.get("/verkosto/vanha/").status_code == 200
    assert client.get("/verkosto/nyt/")["Location"] == "/verkosto/vanha/"


@pytest.mark.django_db(transaction=True)
def test_an_address_that_is_being_given_up_is_not_caught():
    old = factories.make_organisation(slug="vanha")

    def take() -> bool:
        try:
            factories.make_organisation(slug="vanha")
        except IntegrityError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            rename(old, "nyt")
            taking = threads.submit(take)
            with pytest.raises(TimeoutError):
                taking.result(timeout=0.5)
        assert taking.result(timeout=10) is False


# The desk -------------------------------------------------------------------------------------------------------------


def page_of(organisation: Organisation) -> str:
    return f"/hallinta/network/organisation/{organisation.pk}/yhdista/"


def test_the_coordinator_sees_what_moves_and_chooses_what_becomes_of_editors(old, new, coordinator, as_user):
    editor = factories.make_user("editor@example.org")
    factories.make_membership(editor, old, is_editor=True)
    factories.make_organisation("Uuden yksikkö", parent=new)
    factories.make_service(organisation=old)
    desk = as_user(coordinator)
    assert desk.get(page_of(old)).status_code == 200
    chosen = {"into": new.pk, "on": timezone.localdate().isoformat()}
    shown = desk.get(page_of(old), chosen)
    assert shown.context["confirm"]
    assert "editor@example.org" in shown.content.decode()
    assert Organisation.objects.get(pk=old.pk).merged_into is None
    assert desk.post(page_of(old), chosen).context["form"].errors.keys() == {"editors"}
    assert Organisation.objects.get(pk=old.pk).merged_into is None
    assert desk.post(page_of(old), chosen | {"editors": "stay"}).status_code == 302
    assert Organisation.objects.get(pk=old.pk).merged_into == new
    assert Membership.objects.get(person=editor, organisation=new).is_editor
    again = desk.post(page_of(old), chosen | {"editors": "stay"})
    assert again.status_code == 200
    assert new.memberships.count() == 1


def test_the_desk_says_who_above_loses_the_right(old, new, coordinator, as_user):
    above = factories.make_organisation("Yläpuolinen liitto")
    Organisation.objects.filter(pk=old.pk).update(parent=above)
    chosen = {"into": new.pk, "on": timezone.localdate().isoformat()}
    assert "Yläpuolinen liitto" in as_user(coordinator).get(page_of(old), chosen).content.decode()
    Organisation.objects.filter(pk=new.pk).update(parent=above)
    assert as_user(coordinator).get(page_of(old), chosen).context["lost_above"] is None


def test_nobody_else_merges(old, new, ngo_editor, as_user, client):
    data = {"into": new.pk, "on": timezone.localdate().isoformat()}
    assert as_user(ngo_editor).post(page_of(old), data).status_code == 403
    assert client.post(page_of(old), data).status_code == 302
    assert Organisation.objects.get(pk=old.pk).merged_into is None


def test_the_form_of_an_organisation_tells_of_an_old_address(old, new, coordinator, as_user):
    rename(old, "nyt")
    desk = as_user(coordinator)
    page = desk.get(f"/hallinta/network/organisation/{new.pk}/change/")
    form = page.context["adminform"].form
    data = {
        name: "" if value is None else value for name, value in form.initial.items() if isinstance(value, str | int)
    }
    for formset in page.context["inline_admin_formsets"]:
        management = formset.formset.management_form
        data |= {
            management.add_prefix(name): management.initial.get(name, 0) for name in ("TOTAL_FORMS", "INITIAL_FORMS")
        }
    answer = desk.post(f"/hallinta/network/organisation/{new.pk}/change/", data | {"slug": "vanha"})
    assert answer.status_code == 200
    assert "slug" in answer.context["adminform"].form.errors


def test_a_new_organisation_of_the_same_name_gets_another_address(old, coordinator, as_user):
    rename(old, "nyt")
    page = as_user(coordinator).get("/hallinta/network/organisation/add/")
    data = {"name": "Vanha", "kind": "association", "reach": "unknown", "meets": "unknown"}
    for formset in page.context["inline_admin_formsets"]:
        management = formset.formset.management_form
        data |= {management.add_prefix(name): 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    assert as_user(coordinator).post("/hallinta/network/organisation/add/", data).status_code == 302
    assert Organisation.objects.filter(slug="vanha-2").exists()
