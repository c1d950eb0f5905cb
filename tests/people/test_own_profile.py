"""One's own profile and memberships; rights are given by others."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from network import memberships
from network.models import Competence, MemberRole, Membership, StatusEvent, User
from network.transitions import InvalidTransition
from tests import factories

pytestmark = pytest.mark.django_db


def typed(**more: object) -> dict[str, object]:
    return {
        "name": "Uusi Nimi",
        "phone": "+358 40 000 0000",
        "language": "sv",
        "name_shown_to": "members",
        "contact_shown_to": "coordinators",
        "wants_meetings": "on",
        "wants_expert_tasks": "on",
        "bulletin_delivery": "weekly",
        "changes_delivery": "none",
    } | more


def test_a_person_tells_of_herself(expert, as_user):
    talk = Competence.objects.create(code="talk", name="Puhuminen")
    assert as_user(expert).post("/omat/profiili/", typed(competences=[talk.pk])).status_code == 302
    expert.refresh_from_db()
    assert (expert.name, expert.language, expert.name_shown_to) == ("Uusi Nimi", "sv", "members")
    assert (expert.wants_meetings, expert.wants_mailing_list, expert.wants_expert_tasks) == (True, False, True)
    assert (expert.bulletin_delivery, expert.changes_delivery) == ("weekly", "none")
    assert list(expert.competences.all()) == [talk]


def test_nobody_gives_oneself_rights_or_another_address(expert, as_user):
    form = typed(is_staff="on", is_superuser="on", is_active="", email="other@example.org", is_editor="on")
    as_user(expert).post("/omat/profiili/", form)
    expert.refresh_from_db()
    assert (expert.is_staff, expert.is_superuser, expert.is_active) == (False, False, True)
    assert expert.email == "expert@example.org"
    assert not expert.memberships.get().is_editor


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "131052-308T"}, {"phone": "kissa"}, {"language": "xx"}, {"name_shown_to": "all"}]
)
def test_what_is_wrong_is_told_and_nothing_is_saved(expert, as_user, wrong):
    answer = as_user(expert).post("/omat/profiili/", typed() | wrong)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    expert.refresh_from_db()
    assert (expert.name, expert.language) == ("", "fi")


def test_saving_leaves_what_others_changed_meanwhile(expert, as_user):
    User.objects.filter(pk=expert.pk).update(is_staff=True, wants_meetings=False)
    client = as_user(expert)
    client.post("/omat/profiili/", typed(wants_meetings=""))
    expert.refresh_from_db()
    assert expert.is_staff


def test_a_membership_of_ones_own_is_changed_but_not_its_rights(expert, association, as_user):
    own = expert.memberships.get()
    role = MemberRole.objects.get(code="peer")
    form = {"title": "Ohjaaja", "level": "worker", "role": role.pk, "is_editor": "on", "organisation": "1"}
    assert as_user(expert).post(f"/omat/profiili/jasenyys/{own.pk}/", form).status_code == 302
    own.refresh_from_db()
    assert (own.title, own.level, own.role) == ("Ohjaaja", "worker", role)
    assert (own.is_editor, own.organisation) == (False, association)


def test_anothers_membership_is_not_ones_own(expert, professional, as_user):
    theirs = professional.memberships.get()
    client = as_user(expert)
    assert client.get(f"/omat/profiili/jasenyys/{theirs.pk}/").status_code == 404
    for what in ("", "paata/"):
        assert client.post(f"/omat/profiili/jasenyys/{theirs.pk}/{what}", {"title": "x"}).status_code == 404
    theirs.refresh_from_db()
    assert (theirs.title, theirs.until) == ("", None)


def test_a_membership_ends_today_and_its_rights_at_once(ngo_editor, as_user):
    own = ngo_editor.memberships.get()
    assert as_user(ngo_editor).get(f"/omat/profiili/jasenyys/{own.pk}/paata/").status_code == 405
    as_user(ngo_editor).post(f"/omat/profiili/jasenyys/{own.pk}/paata/")
    own.refresh_from_db()
    assert (own.until, own.is_editor) == (timezone.localdate(), False)
    with pytest.raises(InvalidTransition):
        memberships.end(own, by=ngo_editor)
    assert [event.by for event in StatusEvent.objects.of(own)] == [ngo_editor]


def test_a_membership_that_would_start_later_can_be_ended(expert):
    own = expert.memberships.get()
    later = timezone.localdate() + dt.timedelta(days=9)
    Membership.objects.filter(pk=own.pk).update(since=later)
    own.refresh_from_db()
    memberships.end(own, by=expert)
    assert own.until == later


def test_a_member_adds_a_function_but_an_outsider_does_not(expert, outsider, as_user):
    form = {"function": "Etsivä nuorisotyö", "is_editor": "on", "organisation": "1"}
    as_user(expert).post("/omat/profiili/jasenyys/uusi/", form)
    added = expert.memberships.get(function="Etsivä nuorisotyö")
    assert (added.organisation, added.is_editor) == (None, False)
    assert as_user(outsider).post("/omat/profiili/jasenyys/uusi/", form).status_code == 403
    assert not outsider.memberships.exists()


# Rights -------------------------------------------------------------------------------------------------------------


def rights(client, membership, **form: str) -> int:
    return client.post(f"/omat/jasenet/{membership.pk}/", form).status_code


def test_an_editor_names_a_contact_person_who_is_told(ngo_editor, expert, as_user, mailbox):
    membership = expert.memberships.get()
    client = as_user(ngo_editor)
    assert rights(client, membership, is_contact_person="on") == 302
    membership.refresh_from_db()
    assert (membership.is_editor, membership.is_contact_person) == (False, True)
    assert rights(client, membership) == 302
    membership.refresh_from_db()
    assert not membership.is_contact_person
    assert [one.address for one in mailbox] == [expert.email]


def test_an_editor_does_not_change_her_own_rights(ngo_editor, as_user):
    own = ngo_editor.memberships.get()
    assert rights(as_user(ngo_editor), own, is_editor="on", is_contact_person="on") == 403
    with pytest.raises(PermissionDenied):
        memberships.give_rights(own, by=ngo_editor, is_editor=True, is_contact_person=True)
    own.refresh_from_db()
    assert not own.is_contact_person


def test_only_those_who_keep_the_organisation_give_rights(expert, professional, ngo_editor, outsider, as_user):
    theirs = professional.memberships.get()
    for person in (expert, outsider, ngo_editor):
        assert rights(as_user(person), theirs, is_editor="on") == 404
    assert rights(as_user(professional), theirs, is_editor="on") == 403
    theirs.refresh_from_db()
    assert not theirs.is_editor


def test_an_editor_ends_the_membership_of_who_has_left(ngo_editor, expert, as_user):
    membership = expert.memberships.get()
    as_user(ngo_editor).post(f"/omat/profiili/jasenyys/{membership.pk}/paata/")
    membership.refresh_from_db()
    assert membership.until == timezone.localdate()


def test_an_ended_membership_gets_no_rights(coordinator, expert):
    membership = expert.memberships.get()
    Membership.objects.update(since=None, until=timezone.localdate() - dt.timedelta(days=1))
    with pytest.raises(InvalidTransition):
        memberships.give_rights(membership, by=coordinator, is_editor=True, is_contact_person=False)


def test_an_editor_sees_the_people_of_the_own_organisation_only(ngo_editor, expert, professional, as_user):
    page = as_user(ngo_editor).get("/omat/jasenet/").content.decode()
    assert expert.email in page
    assert professional.email not in page


def test_the_page_of_people_costs_the_same_with_many(coordinator, association, as_user):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_user(coordinator)
    counts = []
    for number in (1, 3):
        for _n in range(number):
            factories.make_membership(factories.make_user(), factories.make_organisation(), title="x")
        client.get("/omat/jasenet/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/omat/jasenet/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_pages_below_ones_own_lead_back_to_them(ngo_editor, as_user):
    for address in ("/omat/profiili/", "/omat/kutsut/", "/omat/tiedot/", "/omat/palvelut/", "/tili/istunnot/"):
        crumbs = as_user(ngo_editor).get(address).content.decode().split('<nav class="crumbs')[1].split("</nav>")[0]
        assert '<a href="/omat/">' in crumbs, address


def test_an_error_summary_names_the_field_that_is_missing(ngo_editor, as_user):
    page = as_user(ngo_editor).post("/palvelut/uusi/", {}).content.decode()
    assert '<a href="#id_name">Palvelun nimi: ' in page
