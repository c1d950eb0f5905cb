"""The rows that filters and suggestions look up are right however a listing is changed."""

import random

import pytest
from django.db import connection

from network.models import Municipality, Organisation
from services.models import Audience, Service, ServiceFacets, ServiceText, ServiceType
from services.models.facets import SearchStart, refill
from tests import factories

pytestmark = pytest.mark.django_db


def codes(service: Service) -> set[str]:
    return set(ServiceFacets.objects.get(service=service).codes)


def test_a_listing_has_its_facts_as_soon_as_it_is_there(region, association):
    service = factories.make_service(
        organisation=association, main_type=ServiceType.objects.get(code="advice"), further_types=["peer-group"],
        audiences=["youth", "close-ones"], municipalities=("205",), free=True, no_referral=True, no_appointment=None,
    )  # fmt: skip
    assert codes(service) >= {
        "type=advice", "type=peer-group", "audience=youth", "audience=close-ones", "municipality=205", "sector=ngo",
        "access=free", "access=no-referral", "access=no-appointment?", "access=low-threshold?",
    }  # fmt: skip
    assert "municipality=" not in codes(service)


def test_the_desk_an_import_and_sql_all_keep_them(region, association, parish):
    service = factories.make_service(organisation=association)
    Service.objects.filter(pk=service.pk).update(free=False, organisation=parish)
    assert {"access=free", "access=free?", "sector=ngo"}.isdisjoint(codes(service))
    assert "sector=parish" in codes(service)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO services_service_audiences (service_id, audience_id) VALUES (%s, %s)",
            [service.pk, Audience.objects.get(code="youth").pk],
        )
    assert "audience=youth" in codes(service)
    service.audiences.clear()
    assert "audience=youth" not in codes(service)


def test_a_project_takes_its_sector_from_above(association):
    top = factories.make_organisation(kind=Organisation.Kind.PROJECT)
    project = factories.make_organisation(kind=Organisation.Kind.PROJECT, parent=top)
    service = factories.make_service(organisation=project)
    assert "sector=other" in codes(service)
    top.parent = association
    top.save()
    assert "sector=ngo" in codes(service)


def test_a_deleted_listing_leaves_nothing(association):
    service = factories.make_service(organisation=association)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM services_service WHERE id = %s", [service.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert not ServiceFacets.objects.exists()
    assert not SearchStart.objects.filter(service__isnull=False).exists()


def test_only_names_of_published_listings_are_there(association):
    draft = factories.make_service("Luonnos", published=False, organisation=association)
    shown = factories.make_service("Päihde-klinikka Äänekoski", organisation=association)
    ServiceText.objects.create(service=shown, language="sv", name="Beroendekliniken")

    def starts() -> set[str]:
        return set(SearchStart.objects.filter(service__isnull=False).values_list("starts", flat=True))

    assert starts() == {"paihde klinikka aanekoski", "klinikka aanekoski", "aanekoski", "beroendekliniken"}
    draft.publish()
    shown.archive()
    assert starts() == {"luonnos"}


def test_making_all_anew_changes_nothing(region, association, parish):
    pick = random.Random(4)
    for _number in range(8):
        service = factories.make_service(
            organisation=pick.choice([association, parish]), free=pick.choice([True, None])
        )
        service.municipalities.set(pick.sample(list(Municipality.objects.in_region()), pick.randint(0, 3)))
        service.audiences.set(pick.sample(list(Audience.objects.all()), pick.randint(0, 3)))
        service.producers.set(pick.sample([association, parish], pick.randint(0, 2)))

    def rows() -> tuple[list[object], list[object]]:
        facets = ServiceFacets.objects.order_by("pk").values_list("pk", "codes", "reach")
        starts = SearchStart.objects.values_list("service", "organisation", "starts")
        return list(facets), sorted(starts, key=str)

    before = rows()
    refill()
    assert rows() == before
