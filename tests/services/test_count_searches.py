"""What people search for is counted once a search, without anything of who asked."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from services.models import Audience, SearchCount, ServiceType
from services.retention import rare_searches, searches
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/palvelut/"


def counted() -> dict[str, int]:
    return dict(SearchCount.objects.values_list("words", "count"))


def asked_on(words: str, *days_ago: int, **fields) -> None:
    for days in days_ago:
        SearchCount.objects.create(
            words=words, day=timezone.localdate() - dt.timedelta(days=days), **{"found": 0, "step": "none", **fields}
        )


def test_a_search_is_counted_with_its_place_and_what_it_found(client, region):
    factories.make_service("Vertaisryhmä", municipalities=("205",))
    client.get(LIST, {"q": " Vertaisryhmä! ", "municipality": "205"})
    row = SearchCount.objects.get()
    assert (row.words, row.municipality_id, row.day, row.count, row.found) == (
        "vertaisryhmä", "205", timezone.localdate(), 1, 1,
    )  # fmt: skip
    client.get(LIST, {"q": "vertaisryhmä", "municipality": "205"})
    assert counted() == {"vertaisryhmä": 2}


def test_paging_sorting_and_narrowing_are_no_new_searches(client, region):
    factories.make_service("Vertaisryhmä")
    before = "http://testserver/palvelut/?q=vertaisryhm%C3%A4"
    client.get(LIST, {"q": "vertaisryhmä"}, headers={"referer": "http://testserver/"})
    client.get(LIST, {"q": "vertaisryhmä", "audience": "youth"}, headers={"referer": before})
    client.get(LIST, {"q": "Vertaisryhmä ", "municipality": "205"}, headers={"referer": before})
    client.get(LIST, {"q": "vertaisryhmä", "page": "1"})
    client.get(LIST, {"q": "vertaisryhmä", "sort": "name"})
    client.get("/palvelut/haku/", {"q": "vertaisryhmä"})
    client.get("/palvelut/csv/", {"q": "vertaisryhmä"})
    client.head(LIST, {"q": "vertaisryhmä"})
    client.get(LIST, {"q": "vertaisryhmä"}, headers={"user-agent": "Examplebot/1.0"})
    client.get(LIST, {"q": "vertaisryhmä"}, headers={"sec-purpose": "prefetch"})
    client.get(LIST, {"audience": "youth"})
    assert counted() == {"vertaisryhmä": 1}
    client.get(LIST, {"q": "katkaisu"}, headers={"referer": before})
    assert counted() == {"vertaisryhmä": 1, "katkaisu": 1}


@pytest.mark.parametrize("words", ["soita 0401234567", "matti@example.org", "131052-308T", "٣", "!?", "a" * 150, "½"])
def test_what_may_tell_of_a_person_is_never_kept(client, region, words):
    assert client.get(LIST, {"q": words}).status_code == 200
    assert counted() == {}


def test_the_database_refuses_digits_and_addresses(region):
    for words in ("040", "a@b"):
        with pytest.raises(IntegrityError), transaction.atomic():
            asked_on(words, 0)


def test_nothing_of_who_asked_is_in_the_table():
    fields = {field.name for field in SearchCount._meta.get_fields()}
    assert fields == {"id", "words", "municipality", "day", "count", "found", "step"}


def test_words_are_shown_from_three_days_up_and_to_the_coordinator_only(region, as_user, coordinator, professional):
    asked_on("katkoa", 1, 2, 3)
    asked_on("matti meikäläinen", 1, 2)
    address = "/hallinta/services/searchcount/"
    page = as_user(coordinator).get(address).content.decode()
    assert "katkoa" in page
    assert "meikäläinen" not in page
    assert as_user(professional).get(address).status_code == 403
    assert as_user(None).get(address).status_code == 302
    assert address in as_user(coordinator).get("/hallinta/").content.decode()
    rare = SearchCount.objects.filter(words="matti meikäläinen").first()
    answer = as_user(coordinator).get(f"{address}{rare.pk}/change/", follow=True)
    assert "meikäläinen" not in answer.content.decode()


def test_a_search_that_found_nothing_is_one_click_from_a_synonym(region, as_user, coordinator):
    asked_on("bentsot", 1, 2, 3)
    asked_on("ryhmä", 1, 2, 3, found=12, step="all")
    desk = as_user(coordinator)
    page = desk.get("/hallinta/services/searchcount/")
    assert [row["words"] for row in page.context["empty"]] == ["bentsot"]
    assert page.context["weak"] == []
    (row,) = page.context["empty"]
    form = desk.get(row["synonym_url"])
    assert form.status_code == 200
    assert "bentsot" in form.content.decode()


def test_needs_that_were_not_met_stand_by_municipality(region, as_user, coordinator):
    asked_on("korvaushoito", 1, 2, 3)
    asked_on("subutex", 1, 2, 3, municipality_id="205")
    asked_on("vaimo ryyppää", 1, 2, 3)
    asked_on("jalkapallo", 1, 2, 3)
    asked_on("kerran kysytty", 1)
    table = as_user(coordinator).get("/hallinta/services/searchcount/").context["needs"]
    assert [place.code for place in table["places"]] == ["205"]
    rows = {row["words"][0]: row for row in table["rows"]}
    assert rows["korvaushoito"]["cells"] == [3, 3]
    assert set(rows["korvaushoito"]["words"]) == {"korvaushoito", "subutex"}
    assert rows["korvaushoito"]["need"] == ServiceType.objects.get(code="opioid-substitution").local_name
    assert rows["vaimo ryyppää"]["need"] == Audience.objects.get(code="close-ones").local_name
    assert table["rows"][-1]["words"] == ["jalkapallo"]  # what means nothing known comes last
    assert "kerran kysytty" not in str(table)


def test_counts_are_deleted_in_time_and_rare_words_sooner(region):
    asked_on("katkoa", 100, 101, 102)
    asked_on("matti meikäläinen", 100, 2)
    before = timezone.now() - dt.timedelta(days=90)
    assert rare_searches(before, dry_run=True) == 1
    rare_searches(before, dry_run=False)
    assert SearchCount.objects.filter(words="katkoa").count() == 3
    assert SearchCount.objects.filter(words="matti meikäläinen").count() == 1
    searches(timezone.now() - dt.timedelta(days=101), dry_run=False)
    assert SearchCount.objects.filter(words="katkoa").count() == 2
