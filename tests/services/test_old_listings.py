"""What nobody has confirmed for very long: out of search, never silently, unless the coordinator keeps it there."""

import datetime as dt

import pytest
from django.utils import timezone

from network.models import Network
from services.confirming import confirm
from services.models import Service
from tests import factories

pytestmark = pytest.mark.django_db

VERY_OLD = timezone.now() - dt.timedelta(days=19 * 31)
OLD = timezone.now() - dt.timedelta(days=13 * 31)


@pytest.fixture
def service(association) -> Service:
    return factories.make_service("Vanha ryhmä", slug="vanha", organisation=association, confirmed_at=VERY_OLD)


def names(response) -> list[str]:
    return [hit.name for hit in response.context["hits"]]


def test_it_is_left_out_of_search_and_the_list_says_so(service, client):
    factories.make_service("Uusi ryhmä", confirmed_at=timezone.now())
    page = client.get("/palvelut/?q=ryhmä")
    assert names(page) == ["Uusi ryhmä"]
    assert page.context["old_count"] == 1
    shown = client.get("/palvelut/" + page.context["old_url"])
    assert sorted(names(shown)) == ["Uusi ryhmä", "Vanha ryhmä"]
    assert shown.context["old_count"] == 0


def test_the_count_follows_the_filters(service, client):
    assert client.get("/palvelut/?q=kahvila").context["old_count"] == 0
    assert client.get("/palvelut/?q=vanha").context["old_count"] == 1


def test_its_page_stays_and_tells(service, client, association):
    page = client.get("/palvelut/vanha/")
    assert page.status_code == 200
    assert page.context["out_of_search"]
    assert "Vanha ryhmä" in client.get(association.get_absolute_url()).content.decode()


def test_starting_data_that_nobody_has_confirmed_is_found(association, client):
    factories.make_service("Aloitus", organisation=association, published_at=VERY_OLD)
    assert names(client.get("/palvelut/")) == ["Aloitus"]


def test_a_confirmation_brings_it_back(service, coordinator, client):
    confirm(service, by=coordinator)
    assert names(client.get("/palvelut/")) == ["Vanha ryhmä"]


def test_the_period_is_the_networks(service, client):
    Network.objects.update(confirm_hide_months=24)
    assert names(client.get("/palvelut/")) == ["Vanha ryhmä"]


def test_the_coordinator_keeps_it_in_search_and_lets_go(service, coordinator, as_user, client):
    desk = as_user(coordinator)
    for action, found in (("keep_in_search", ["Vanha ryhmä"]), ("let_out_of_search", [])):
        data = {"action": action, "_selected_action": [service.pk]}
        assert desk.post("/hallinta/services/service/", data).status_code == 302
        assert names(client.get("/palvelut/")) == found


def test_the_coordinators_list_has_what_is_late(service, coordinator, as_user, association):
    late = factories.make_service("Myöhässä", organisation=association, confirmed_at=OLD)
    factories.make_service("Eräänt", organisation=association, confirmed_at=OLD + dt.timedelta(days=150))
    for value, wanted in (("late", {service, late}), ("out", {service}), ("kept", set())):
        page = as_user(coordinator).get(f"/hallinta/services/service/?freshness={value}")
        assert set(page.context["cl"].queryset) == wanted


def test_the_front_page_counts_what_was_confirmed_within_the_period(service, client, association):
    factories.make_service(organisation=association, confirmed_at=timezone.now())
    factories.make_service(organisation=association)
    freshness = client.get("/").context["freshness"]
    assert (freshness["confirmed"], freshness["all"]) == (1, 3)
