"""What the database keeps, whoever writes; and what a form says before it comes to that."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.urls import get_resolver
from django.utils import timezone, translation
from django.utils.translation import gettext

from network.models import Membership, Municipality, Network, Organisation, User
from network.models.organisation import RESERVED_SLUGS as ORGANISATION_SLUGS
from services.models import (
    Contact,
    GroupSeason,
    OpeningException,
    OpeningHours,
    Service,
    ServicePlace,
    ServiceText,
    ServiceType,
    Visit,
)
from services.models.service import RESERVED_SLUGS as SERVICE_SLUGS
from tests import factories
from tests.test_access import walk

pytestmark = pytest.mark.django_db


def everywhere():
    return walk(get_resolver().url_patterns)


def refused(constraint, change) -> None:
    """The database itself refuses, by the constraint of that name."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        change()


def told(row) -> list[str]:
    """What a form says: the messages of full_clean."""
    with pytest.raises(ValidationError) as error:
        row.full_clean()
    return [message for messages in error.value.message_dict.values() for message in messages]


# A published listing tells the essentials ---------------------------------------------------------------------------------

ESSENTIALS = {"name": "", "summary": "", "how_to_get": "", "main_type": None, "organisation": None}


def lacking(field) -> Service:
    """A draft without one of the essentials."""
    draft = factories.make_service(published=False)
    Service.objects.filter(pk=draft.pk).update(**{field: ESSENTIALS[field]})
    return Service.objects.get(pk=draft.pk)


@pytest.mark.parametrize(("field", "empty"), ESSENTIALS.items())
def test_a_published_listing_has_all_the_essentials(field, empty):
    service = factories.make_service()
    refused(
        "a_published_listing_tells_the_essentials",
        lambda: Service.objects.filter(pk=service.pk).update(**{field: empty}),
    )
    draft = lacking(field)
    refused(
        "a_published_listing_tells_the_essentials",
        lambda: Service.objects.filter(pk=draft.pk).update(published_at=timezone.now()),
    )


@pytest.mark.parametrize("field", ["summary", "how_to_get", "main_type", "organisation"])
def test_a_form_tells_that_a_published_listing_needs_them(field):
    service = factories.make_service()
    setattr(service, field, ESSENTIALS[field])
    assert told(service) == [
        gettext(
            "A published listing needs a name, a summary, how to get the service, a main type and a responsible organisation."
        )
    ]


def test_a_draft_may_lack_anything_but_its_name_and_address():
    Service(name="Kesken", slug="kesken").full_clean()


@pytest.mark.parametrize("field", ESSENTIALS)
def test_publishing_tells_what_is_missing_and_changes_nothing(field):
    draft = lacking(field)
    with pytest.raises(ValidationError) as error:
        draft.publish()
    assert str(Service._meta.get_field(field).verbose_name) in error.value.messages[0]
    draft.refresh_from_db()
    assert draft.published_at is None


def test_archiving_does_not_excuse_a_published_listing():
    service = factories.make_service(archived_at=timezone.now())
    refused(
        "a_published_listing_tells_the_essentials", lambda: Service.objects.filter(pk=service.pk).update(summary="")
    )


# The state moves once ---------------------------------------------------------------------------------------------------


def test_a_listing_goes_from_draft_to_published_to_archived_and_back():
    service = factories.make_service(published=False)
    service.publish()
    assert service.is_published
    service.archive()
    assert not service.is_published
    service.restore()
    assert service.is_published
    service.unpublish()
    assert service.published_at is None


@pytest.mark.parametrize("verb", ["publish", "unpublish", "archive", "restore"])
def test_of_two_people_only_one_moves_a_listing(verb):
    start = {"publish": {"published": False}, "restore": {"archived_at": timezone.now()}}.get(verb, {})
    first = factories.make_service(**start)
    second = Service.objects.get(pk=first.pk)
    getattr(first, verb)()
    with pytest.raises(ValidationError):
        getattr(second, verb)()


def test_an_archived_draft_is_not_published_by_mistake():
    service = factories.make_service(published=False, archived_at=timezone.now())
    with pytest.raises(ValidationError):
        service.publish()
    service.restore()
    assert service.published_at is None


def test_a_draft_that_lost_its_essentials_meanwhile_is_refused_with_a_message():
    draft = factories.make_service(published=False)
    Service.objects.filter(pk=draft.pk).update(summary="")
    with pytest.raises(ValidationError):
        draft.publish()


# Addresses --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", sorted(SERVICE_SLUGS))
def test_a_service_takes_no_reserved_address(slug):
    refused("a_service_takes_no_reserved_address", lambda: factories.make_service(slug=slug))
    assert len(told(Service(name="Palvelu", slug=slug))) == 1


@pytest.mark.parametrize("slug", sorted(ORGANISATION_SLUGS))
def test_an_organisation_takes_no_reserved_address(slug):
    refused("an_organisation_takes_no_reserved_address", lambda: factories.make_organisation(slug=slug))


@pytest.mark.parametrize(("start", "reserved"), [("palvelut/", SERVICE_SLUGS), ("verkosto/", ORGANISATION_SLUGS)])
def test_every_word_that_is_an_address_is_reserved(start, reserved):
    below = {route.removeprefix(start).split("/")[0] for _name, route in everywhere() if route.startswith(start)}
    assert {word for word in below if word and "<" not in word} <= reserved


@pytest.mark.parametrize("make", [factories.make_service, factories.make_organisation])
def test_an_address_is_given_once(make):
    make(slug="sama")
    refused("slug", lambda: make(slug="sama"))


def test_a_ptv_identifier_is_of_one_service():
    identifier = uuid.uuid4()
    factories.make_service(ptv_id=identifier)
    refused("ptv_id", lambda: factories.make_service(ptv_id=identifier))


# Numbers and days that fit together ---------------------------------------------------------------------------------------

DAY, NEXT = dt.date(2026, 11, 3), dt.date(2026, 11, 4)


def test_the_oldest_age_is_not_below_the_youngest():
    refused("the_oldest_age_is_not_below_the_youngest", lambda: factories.make_service(min_age=18, max_age=17))
    assert factories.make_service(min_age=18, max_age=18).pk
    assert factories.make_service(max_age=17).pk
    assert len(told(Service(name="Palvelu", slug="palvelu", min_age=18, max_age=17))) == 1


def test_only_a_pilot_or_project_has_an_end():
    refused("only_a_pilot_or_project_has_an_end", lambda: factories.make_service(temporary_until=DAY))
    assert factories.make_service(temporary="pilot", temporary_until=DAY).pk


@pytest.mark.parametrize("model", [OpeningException, GroupSeason])
def test_a_period_ends_after_it_starts(model):
    service = factories.make_service()
    refused("ends_after_it_starts", lambda: model.objects.create(service=service, first_day=NEXT, last_day=DAY))
    assert model.objects.create(service=service, first_day=DAY, last_day=DAY).pk
    assert len(told(model(service=service, first_day=NEXT, last_day=DAY))) == 1


@pytest.mark.parametrize("times", [{"opens": "09:00"}, {"closes": "09:00"}])
def test_an_exception_has_both_times_or_neither(times):
    service = factories.make_service()
    refused(
        "an_exception_has_both_times_or_neither",
        lambda: OpeningException.objects.create(service=service, first_day=DAY, last_day=DAY, **times),
    )


def test_a_visit_that_ends_starts():
    service = factories.make_service()
    refused(
        "a_visit_that_ends_starts",
        lambda: Visit.objects.create(service=service, date=DAY, venue="Tori", ends="12:00"),
    )


def test_a_place_is_told_somehow():
    service = factories.make_service()
    refused("a_place_is_told_somehow", lambda: ServicePlace.objects.create(service=service, postcode="87100"))
    for told_by in (
        {"name": "Talo"}, {"street_address": "Katu 1"}, {"premises_of": service.organisation},
        {"municipality": Municipality.objects.get(code="205")},
    ):  # fmt: skip
        assert ServicePlace.objects.create(service=service, **told_by).pk


def test_one_text_per_language():
    service = factories.make_service()
    ServiceText.objects.create(service=service, language="sv")
    refused("one_text_per_service_and_language", lambda: ServiceText.objects.create(service=service, language="sv"))
    assert len(told(ServiceText(service=service, language="sv"))) == 1


# Organisations, people, the network ---------------------------------------------------------------------------------------


def test_an_organisation_has_a_name():
    refused("an_organisation_has_a_name", lambda: Organisation.objects.create(slug="a", kind="other", name=""))


def test_an_organisation_is_neither_its_own_parent_nor_merged_into_itself():
    body = factories.make_organisation()
    same = Organisation.objects.filter(pk=body.pk)
    refused("an_organisation_is_not_its_own_parent", lambda: same.update(parent=body.pk))
    refused("an_organisation_is_not_merged_into_itself", lambda: same.update(merged_into=body.pk))


def test_an_organisation_ends_after_it_starts():
    refused(
        "an_organisation_ends_after_it_starts",
        lambda: factories.make_organisation(active_from=NEXT, active_until=DAY),
    )


def test_what_others_stand_on_is_not_taken_away():
    service = factories.make_service(municipalities=("205",))
    for change in (service.organisation.delete, service.main_type.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_an_address_has_one_account_however_it_is_written():
    factories.make_user("aino@example.org")
    refused("network_user_email_key|one_account_per_address", lambda: factories.make_user("AINO@example.org"))
    person = factories.make_user("other@example.org")
    refused("one_account_per_address", lambda: User.objects.filter(pk=person.pk).update(email="Aino@Example.org"))
    assert len(told(User(email="Aino@example.org", password="x"))) >= 1


def test_a_person_stands_for_an_organisation_once_at_a_time(association):
    person = factories.make_user()
    earlier = factories.make_membership(person, association)
    refused("one_open_membership_per_person_and_organisation", lambda: factories.make_membership(person, association))
    earlier.until = timezone.localdate()
    earlier.save()
    assert factories.make_membership(person, association).pk


def test_a_membership_ends_after_it_starts(association):
    person = factories.make_user()
    refused(
        "a_membership_ends_after_it_starts",
        lambda: Membership.objects.create(person=person, organisation=association, since=NEXT, until=DAY),
    )


def test_there_is_one_network():
    refused("there_is_one_network", lambda: Network.objects.create(pk=2, name="Toinen"))


@pytest.mark.parametrize("months", [(0, 12, 18), (6, 5, 18), (6, 12, 11)])
def test_confirmation_periods_grow(months):
    due, late, hide = months
    change = {"confirm_due_months": due, "confirm_late_months": late, "confirm_hide_months": hide}
    refused("confirmation_periods_grow", lambda: Network.objects.filter(pk=1).update(**change))


# What a form says -------------------------------------------------------------------------------------------------------


def network_of_periods(due, late, hide) -> Network:
    network = Network.objects.get(pk=1)
    network.confirm_due_months, network.confirm_late_months, network.confirm_hide_months = due, late, hide
    return network


WRONG = [
    lambda: Service(name="Palvelu", slug="palvelu", min_age=18, max_age=17),
    lambda: Service(name="Palvelu", slug="palvelu", temporary_until=DAY),
    lambda: Service(name="Palvelu", slug="csv"),
    lambda: Service(name="Palvelu", slug="palvelu", published_at=timezone.now()),
    lambda: Visit(service=factories.make_service(), date=DAY, venue="Tori", ends=dt.time(12)),
    lambda: OpeningException(service=factories.make_service(), first_day=DAY, last_day=DAY, opens=dt.time(9)),
    lambda: GroupSeason(service=factories.make_service(), first_day=NEXT, last_day=DAY),
    lambda: ServicePlace(service=factories.make_service()),
    lambda: Contact(kind="phone", value="112"),
    lambda: Organisation(name="Yhdistys", slug="kartta", kind="association"),
    lambda: Organisation(name="Yhdistys", slug="y", kind="association", active_from=NEXT, active_until=DAY),
    lambda: network_of_periods(7, 6, 18),
]


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_form_says_it_in_words_not_by_the_constraints_name(wrong, language):
    row = wrong()
    with translation.override(language):
        messages = told(row)
    names = [constraint.name for constraint in row._meta.constraints]
    assert len(messages) == 1
    assert not any(name in messages[0] for name in names)


@pytest.mark.parametrize("wrong", WRONG)
def test_the_words_are_translated(wrong):
    row = wrong()
    said = []
    for language in ("fi", "sv", "en"):
        with translation.override(language):
            said += told(row)
    assert len(set(said)) == 3


def test_hours_that_are_there_already_are_told():
    service = factories.make_service()
    hours = {"service": service, "weekday": 1, "opens": dt.time(9), "closes": dt.time(15)}
    OpeningHours.objects.create(**hours)
    (message,) = told(OpeningHours(**hours))
    assert "one_interval" not in message


def test_types_in_use_keep_their_codes():
    """A code is the exchange format's: two types never share one."""
    refused("code", lambda: ServiceType.objects.create(code="crisis", name="Toinen"))


def test_hours_belong_to_a_place_of_their_own_service(db):
    one, other = factories.make_service(), factories.make_service()
    place = other.places.create(name="Muualla")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="hours_are_at_a_place_of_the_service"), transaction.atomic():
        one.opening_hours.create(place=place, weekday=1, opens=dt.time(9), closes=dt.time(15))


def test_deleting_an_organisation_does_not_take_its_units_with_it(db):
    parent = factories.make_organisation()
    factories.make_organisation(parent=parent)
    with pytest.raises(ProtectedError):
        parent.delete()
