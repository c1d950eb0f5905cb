"""The list as a table for a spreadsheet: as it is filtered, public facts only, nothing that runs."""

import csv
import datetime as dt
from io import StringIO

import pytest
from django.utils import timezone

from services.models import Contact, Service, ServiceText
from tests import factories

pytestmark = pytest.mark.django_db


def table(client, query="", language="") -> list[list[str]]:
    answer = client.get(f"{language}/palvelut/csv/{query}")
    assert answer.status_code == 200
    text = answer.getvalue().decode()
    assert text.startswith("\ufeff")  # so that a spreadsheet takes it for UTF-8
    return list(csv.reader(StringIO(text[1:]), delimiter=";"))


def test_it_is_a_file_to_download(client):
    answer = client.get("/palvelut/csv/")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="palvelut-{timezone.localdate():%Y-%m-%d}.csv"'


def test_a_row_has_what_the_list_tells(client, region, settings):
    organisation = factories.make_organisation("Esimerkkiyhdistys ry")
    service = factories.make_service(
        "Ryhmä; läheisille", slug="ryhma", organisation=organisation, summary='"Tukea"\nja apua', how_to_get="Soita.",
        municipalities=("205", "290"), free=True, confirmed_at=dt.datetime(2026, 11, 2, 22, 30, tzinfo=dt.UTC),
    )  # fmt: skip
    factories.make_contact(service=service, value="040 000 0001")
    factories.make_contact(service=service, kind=Contact.Kind.EMAIL, value="ryhma@example.org")
    head, row = table(client)
    assert len(head) == len(row) == 9
    assert row == [
        "Ryhmä; läheisille", "Esimerkkiyhdistys ry", "Kajaani, Kuhmo", '"Tukea"\nja apua', "Soita.", "Maksuton",
        "040 000 0001, ryhma (at) example.org", "2026-11-03", f"{settings.SITE_URL}/palvelut/ryhma/",
    ]  # fmt: skip


def test_it_is_filtered_and_ordered_as_the_list_and_has_every_page(client, region, association):
    for number in range(25):
        factories.make_service(f"Ryhmä {number:02}", organisation=association, municipalities=("205",))
    factories.make_service("Kuhmossa", municipalities=("290",))
    names = [row[0] for row in table(client, "?municipality=205&sort=name&page=2")[1:]]
    assert names == [f"Ryhmä {number:02}" for number in range(25)]


def test_the_whole_region_is_named(client, region):
    factories.make_service()
    assert table(client)[1][2] == "Koko Testimaa"


def test_members_only_contacts_are_in_nobodys_table(as_user, coordinator):
    service = factories.make_service(consult="Kysy lääkäriltä")
    factories.make_contact(service=service, value="040 000 0009", members_only=True)
    row = table(as_user(coordinator))[1]
    assert row[6] == ""
    assert "lääkäriltä" not in " ".join(row)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_runs_as_a_formula(start, client):
    attack = f"{start}HYPERLINK(1)"
    organisation = factories.make_organisation(attack)
    service = factories.make_service(attack, organisation=organisation, summary=attack, how_to_get=attack)
    factories.make_contact(service=service, kind=Contact.Kind.WEB, value=attack)
    for cell in table(client)[1]:
        assert not cell.startswith(start)


def test_it_is_in_the_readers_language(client):
    service = factories.make_service("Ryhmä")
    ServiceText.objects.create(service=service, language="sv", name="Grupp")
    head, row = table(client, language="/sv")
    assert row[0] == "Grupp"
    assert row[8].endswith(f"/sv/palvelut/{service.slug}/")
    assert head != table(client)[0]


def test_an_empty_catalogue_is_a_head_without_rows(client):
    assert len(table(client)) == 1


def test_it_costs_the_same_with_one_row_and_with_thirty(client, association, django_assert_num_queries):
    def make():
        service = factories.make_service(organisation=association, municipalities=("205",), channels=["phone"])
        factories.make_contact(service=service)
        ServiceText.objects.create(service=service, language="sv", name="Grupp")

    make()
    table(client)
    with django_assert_num_queries(12):
        table(client)
    for _number in range(29):
        make()
    table(client)  # what the filters offer is read anew after a change
    with django_assert_num_queries(12):
        assert len(table(client)) == 31
    assert Service.objects.count() == 30
