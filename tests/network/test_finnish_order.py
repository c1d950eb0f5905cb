"""Alphabetical order is Finnish, the same in the database and in Python."""

import string

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meetings.models import Group, MeetingTheme
from network.models import Competence, Municipality, Organisation
from services.models import Service
from tests import factories
from tests.finnish import finnish_key

pytestmark = pytest.mark.django_db

# As a Finnish reader expects them: å ä ö last, ü among y, é among e, case and foreign letters no obstacle.
IN_ORDER = [
    "112 tukena",
    "A-klinikka",
    "aamu",
    "Élodie",
    "elsa",
    "Eva",
    "Ïda",
    "Nina",
    "Ñina ry",
    "ŠAKKI",
    "sakki ja matti",
    "vuori",
    "Wilhelm",
    "Yrjö",
    "Üusi",
    "Žak",
    "zeta",
    "Åland",
    "åminne",
    "ærø",
    "Äänekoski",
    "Öljy",
    "ørsted",
    "Õun",
]
NOT_SORTED = sorted(IN_ORDER, key=lambda name: name[::-1])


def test_organisations_are_listed_in_finnish_order(client):
    for name in NOT_SORTED:
        factories.make_organisation(name)
    assert [one.name for one in client.get("/verkosto/").context["page"]] == IN_ORDER


def test_services_are_listed_in_finnish_order(client, association):
    for name in NOT_SORTED:
        factories.make_service(name, organisation=association)
    pages = [client.get(f"/palvelut/?sort=name&page={number}") for number in (1, 2)]
    assert [hit.name for page in pages for hit in page.context["hits"]] == IN_ORDER
    assert [service.name for service in Service.objects.all()] == IN_ORDER


def test_municipalities_are_offered_in_finnish_order(client, region):
    for number, name in enumerate(["Äänekoski", "Åland", "Öja", "Zeta", "Ylöjärvi", "Üusi"]):
        Municipality.objects.create(code=f"90{number}", name=name, county_id="20")
    added = ["Ylöjärvi", "Üusi", "Zeta", "Åland", "Äänekoski", "Öja"]
    choices = client.get("/palvelut/").context["catalogue"].form.fields["municipality"].choices
    offered = [str(label) for _code, label in choices][1:]
    assert offered == [
        "Hyrynsalmi",
        "Kajaani",
        "Kuhmo",
        "Paltamo",
        "Puolanka",
        "Ristijärvi",
        "Sotkamo",
        "Suomussalmi",
        *added,
    ]
    assert [place.name for place in client.get("/").context["municipalities"]] == offered


def test_competences_are_in_finnish_order(db):
    for name in ("öljy", "Yö", "Äly", "zen"):
        Competence.objects.create(code=f"c{finnish_key(name)[1:]}", name=name)
    assert [one.name for one in Competence.objects.all()] == ["Yö", "zen", "Äly", "öljy"]


def test_names_alike_but_for_case_stay_together_in_the_order_they_were_made(association):
    made = [factories.make_service(name, organisation=association).pk for name in ("RYHMÄ", "ryhmä", "Ryhmä")]
    assert list(Service.objects.values_list("pk", flat=True)) == made


def test_the_order_needs_nothing_of_the_servers_locale(db):
    """The column compares bytes; what a server calls Finnish, and whether it knows the word at all, plays no part."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, k.collname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
            "JOIN pg_collation k ON k.oid = a.attcollation "
            "WHERE a.attname = 'sort_name' AND c.relkind = 'r' ORDER BY c.relname"
        )
        found = cursor.fetchall()
    models = (Municipality, Competence, Organisation, Service, Group, MeetingTheme)
    assert found == sorted((model._meta.db_table, "C") for model in models)


# Every letter of Latin-1 and Latin Extended-A, but İ: its small letter is two characters in Python.
letters = [chr(code) for code in [*range(0xC0, 0x180), *map(ord, string.ascii_letters + " -.'1")] if code != 0x130]
names = st.lists(st.text(st.sampled_from(letters), min_size=1, max_size=8).filter(str.strip), min_size=2, max_size=30)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=names)
def test_python_and_the_database_agree(names, db):
    Competence.objects.all().delete()
    Competence.objects.bulk_create([Competence(code=f"c{number}", name=name) for number, name in enumerate(names)])
    rows = list(Competence.objects.order_by("sort_name", "code").values_list("name", "sort_name"))
    assert [key for _name, key in rows] == [finnish_key(name) for name, _key in rows]
    assert [key for _name, key in rows] == sorted(finnish_key(name) for name in names)
