"""A file with anything wrong in it is refused as a whole, and all that is wrong is told."""

import copy
import io
import json

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from network.models import Organisation
from services.exchange import reading
from services.exchange.loading import load
from services.exchange.problems import CatalogueError
from services.models import Service

from .exchange_records import a_catalogue, a_service, an_organisation, without

pytestmark = pytest.mark.django_db


# --- all or nothing ----------------------------------------------------------------------------------------------


def faults_of(data: object) -> list[str]:
    """What is said to be wrong; after which nothing is in the database."""
    with pytest.raises(CatalogueError) as caught:
        load(data, "file.json")
    assert not Organisation.objects.exists()
    assert not Service.objects.exists()
    return str(caught.value).splitlines()


def test_every_fault_is_told_with_its_record_field_and_reason():
    assert faults_of(
        {
            "organisations": [
                an_organisation(kind="club", municipality="999", website="example.org", people=3),
                an_organisation(parent="toinen"),
                an_organisation("toinen", parent="tuntematon", active_from="2030-02-30"),
                an_organisation("kartta"),
                "yhdistys",
            ],
            "services": [
                a_service(types=["sauna"], min_age="18", max_age=True, description="a\0b", summary="x" * 151),
                a_service("toinen", min_age=20, max_age=10, organisations=["kukaan", "yhdistys", "yhdistys"]),
                without(a_service("kolmas", organisations=[], types=[]), "how_to_get"),
                a_service("neljas", next_steps=["viides"], access=["cheap"], texts={"se": {}}, languages=["xx"]),
                a_service("uusi", temporary_until="2030-01-01", municipality="205"),
                {"name": "Nimi"},
            ],
        }
    ) == [
        'file.json: organisations[0] "yhdistys": "people": is not a key of the format',
        'file.json: organisations[0] "yhdistys": kind: "club" is not one of wellbeing-county, municipality, parish, '
        "association, foundation, company, state, project, other",
        'file.json: organisations[0] "yhdistys": municipality: there is no municipality "999"',
        'file.json: organisations[0] "yhdistys": website: "example.org" is not a web address that starts with http:// or https://',
        'file.json: organisations[1] "yhdistys": slug: is there twice, first in organisations[0] "yhdistys"',
        'file.json: organisations[2] "toinen": parent: there is no organisation "tuntematon"',
        'file.json: organisations[2] "toinen": active_from: "2030-02-30" is not a day such as 2026-01-31',
        "file.json: organisations[4]: must be an object, not text",
        'file.json: organisations[3] "kartta": slug: "kartta" is the address of another page',
        'file.json: services[0] "ryhma": summary: is 151 characters long; at most 150 fit',
        'file.json: services[0] "ryhma": description: has a NUL character',
        'file.json: services[0] "ryhma": min_age: must be a whole number or null, not text',
        'file.json: services[0] "ryhma": max_age: must be a whole number or null, not true or false',
        'file.json: services[0] "ryhma": types[0]: there is no code "sauna"',
        'file.json: services[1] "toinen": organisations[0]: there is no organisation "kukaan"',
        'file.json: services[1] "toinen": organisations[2]: "yhdistys" is there twice',
        'file.json: services[2] "kolmas": how_to_get: is missing',
        'file.json: services[3] "neljas": languages[0]: there is no code "xx"',
        'file.json: services[3] "neljas": next_steps[0]: there is no service "viides"',
        'file.json: services[3] "neljas": access: "cheap" is not one of no-referral, no-appointment, free, anonymous, '
        "intoxicated-ok, no-diagnosis-excluded",
        'file.json: services[3] "neljas": texts."se": is not one of sv, en, plain',
        'file.json: services[4] "uusi": "municipality": is not a key of the format; did you mean "municipalities"?',
        "file.json: services[5]: slug: is missing",
        "file.json: services[5]: organisations: is missing",
        "file.json: services[5]: summary: is missing",
        "file.json: services[5]: how_to_get: is missing",
        "file.json: services[5]: types: is missing",
        'file.json: services[1] "toinen": max_age: 10 is below min_age 20',
        'file.json: services[2] "kolmas": organisations: is empty; a published listing needs at least one',
        'file.json: services[2] "kolmas": types: is empty; a published listing needs at least one',
        'file.json: services[4] "uusi": slug: "uusi" is the address of another page',
        'file.json: services[4] "uusi": temporary_until: is told without temporary',
    ]


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"contacts": [{"kind": "phone", "value": "soita"}]}, 'contacts[0].value: "soita" is not a telephone number'),
        ({"contacts": [{"kind": "web", "value": "javascript:alert(1)"}]}, "contacts[0].value: "),
        ({"contacts": [{"value": "112"}]}, "contacts[0].kind: is missing"),
        ({"places": [{"how_to_come": "Ovesta."}]}, "places[0].name: is missing; a place needs a name"),
        ({"places": [{"name": "A", "postcode": "8710"}]}, 'places[0].postcode: "8710" has not the right form'),
        ({"places": [{"name": "A", "opening_hours": [{"weekday": 8, "opens": "09:00", "closes": "10:00"}]}]},
         "places[0].opening_hours[0].weekday: 8 is not one of 1, 2, 3, 4, 5, 6, 7"),
        ({"opening_hours": [{"weekday": 1, "opens": "24:00", "closes": "10:00"}]},
         'opening_hours[0].opens: "24:00" is not a time between 00:00 and 23:59'),
        ({"opening_hours": [{"weekday": 1, "opens": "09:00", "closes": "10:00"}] * 2},
         "opening_hours: two intervals of weekday 1 open at 09:00"),
        ({"opening_exceptions": [{"first_day": "2030-01-02", "last_day": "2030-01-01"}]},
         "opening_exceptions[0].last_day: 2030-01-01 is before first_day 2030-01-02"),
        ({"opening_exceptions": [{"first_day": "2030-01-02", "last_day": "2030-01-03", "opens": "09:00"}]},
         "opening_exceptions[0].closes: give both opens and closes"),
        ({"visits": [{"date": "2030-01-01", "venue": "Tori", "ends": "10:00"}]}, "visits[0].ends: is told without starts"),
        ({"seasons": [{"first_day": "2030-02-01", "last_day": "2030-01-01"}]}, "seasons[0].last_day: "),
        ({"published_at": "2030-01-31"}, 'published_at: "2030-01-31" is not a time with its zone'),
        ({"ptv_id": "12"}, 'ptv_id: "12" is not an identifier (UUID)'),
        ({"confirmed": {"title": "Ohjaaja"}}, "confirmed.at: is missing"),
        ({"keywords": ["a,b"]}, 'keywords: "a,b" has a comma or a line break'),
        ({"keywords": "a"}, "keywords: must be a list of texts, not text"),
        ({"next_steps": ["ryhma"]}, "next_steps: has the service itself"),
        ({"access": {"free": 1}}, "access.free: must be true, false or null, not a whole number"),
        ({"min_age": -1}, "min_age: -1 is not between 0 and 32767"),
        ({"summary": " \n"}, "summary: is empty; a published listing needs it"),
        ({"name": "\ud800"}, "name: has half a character (a lone surrogate)"),
        ({"description": None}, "description: must be text, not null"),
        ({"slug": "Ryhmä 1"}, 'slug: "Ryhmä 1" may have only the letters a–z, figures and hyphens'),
        ({"lahella_url": "https://example.org/" + "a" * 200}, "lahella_url: is 220 characters long; at most 200 fit"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_with_a_reason(said, fault):
    (line,) = faults_of(a_catalogue(a_service() | said))
    assert fault in line


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ([], 'must be an object with "organisations" and "services", not a list'),
        ({"services": {}}, "services: must be a list of objects, not an object"),
        ({"service": []}, '"service": is not a key of the format; did you mean "services"?'),
        ({"terms": {"colours": []}}, 'terms: "colours": is not a key of the format'),
        ({"terms": [1]}, "terms: must be an object of vocabularies, not a list"),
        ({"network": 3}, "network: must be an object, not a whole number"),
        (
            {"network": {"confirm_due_months": 20}},
            "network: confirm_due_months: the periods must grow: due, late, hide",
        ),
        ({"municipalities": [{"code": "49", "name": "Espoo", "county": "03"}]}, 'code: "49" has not the right form'),
        ({"urgent_lines": [{"number": "112", "name": "A"}] * 2}, "urgent_lines[1]: number: is there twice"),
    ],
)
def test_a_file_of_another_shape_is_refused_with_a_reason(data, fault):
    (line,) = faults_of(data)
    assert line.endswith(fault)


def test_a_parent_comes_before_its_units():
    (line,) = faults_of({"organisations": [an_organisation("b", parent="a"), an_organisation("a")]})
    assert line.endswith('organisations[0] "b": parent: "a" comes later in the file; parents come before their units')


def test_an_organisation_is_not_its_own_parent():
    (line,) = faults_of({"organisations": [an_organisation("a", parent="a")]})
    assert line.endswith("parent: is the organisation itself")


def test_units_in_a_circle_are_found_with_what_is_in_the_database_already():
    organisations = [an_organisation("a"), an_organisation("b", parent="a"), an_organisation("c", parent="b")]
    load({"organisations": organisations}, "file.json")
    with pytest.raises(CatalogueError, match="parent: goes round in a circle: a → c → b → a"):
        load({"organisations": [an_organisation("a", parent="c")]}, "file.json")
    assert Organisation.objects.get(slug="a").parent is None


def test_an_identifier_belongs_to_one_listing_in_the_file_and_in_the_database():
    ptv_id = "11111111-1111-1111-1111-111111111111"
    (line,) = faults_of(a_catalogue(a_service("a", ptv_id=ptv_id), a_service("b", ptv_id=ptv_id.upper())))
    assert line.endswith(f'services[1] "b": ptv_id: {ptv_id} is the identifier of "a"')
    load(a_catalogue(a_service("a", ptv_id=ptv_id)), "file.json")
    with pytest.raises(CatalogueError, match=f'services\\[0\\] "b": ptv_id: {ptv_id} is the identifier of "a"'):
        load({"services": [a_service("b", ptv_id=ptv_id)]}, "file.json")


def test_a_value_is_judged_together_with_what_the_database_has():
    load(a_catalogue(a_service(max_age=15)), "file.json")
    with pytest.raises(CatalogueError, match="max_age: 15 is below min_age 18"):
        load({"services": [a_service(min_age=18)]}, "file.json")


def test_a_file_that_is_wrong_throughout_is_told_in_a_few_hundred_lines():
    lines = faults_of({"services": list(range(2000))})
    assert len(lines) == 501
    assert lines[-1] == "file.json: … and 1500 more"


def places_in(value, path=()):
    """Every path into a JSON value."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in items:
        yield from places_in(one, (*path, key))


WELL_FORMED = a_catalogue(
    a_service(
        access={"free": True}, confirmed={"at": "2030-01-31T12:00:00Z"}, texts={"sv": {"name": "Grupp"}}, min_age=18,
        contacts=[{"kind": "phone", "value": "112"}], opening_hours=[{"weekday": 1, "opens": "09:00", "closes": "10:00"}],
        places=[{"name": "Talo", "contacts": [{"kind": "web", "value": "https://example.org/"}]}], keywords=["a"],
        visits=[{"date": "2030-05-01", "venue": "Tori"}], ptv_id="11111111-1111-1111-1111-111111111111",
    ),
    network={"name": "Verkosto"},
    terms={"aims": [{"code": "oma", "name": "Oma"}]},
    urgent_lines=[{"number": "112", "name": "Hätä"}],
)  # fmt: skip
ODD = [
    None,
    True,
    -1,
    10**30,
    1.5,
    "",
    "x" * 6000,
    "a\0b",
    "\ud800",
    "2030-01-01",
    [],
    [None],
    [[]],
    [{}],
    {},
    {"a": []},
]


@given(st.sampled_from(list(places_in(WELL_FORMED))), st.sampled_from(ODD))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_odd_value_anywhere_is_loaded_or_refused_with_a_reason_and_nothing_else(path, odd):
    data = copy.deepcopy(WELL_FORMED)
    inside = data
    for key in path[:-1]:
        inside = inside[key]
    if path:
        inside[path[-1]] = odd
    refused = reasons_against(data if path else odd)
    assert "the database refuses" not in refused
    assert refused == "" or refused.startswith("file.json: ")


def reasons_against(data) -> str:
    """Why the file is refused; empty when it can be loaded."""
    try:
        load(data, "file.json", dry_run=True)
    except CatalogueError as error:
        return str(error) or "no reason"
    return ""


# --- files that are no catalogue ---------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path):
    def write(content) -> str:
        path = tmp_path / "file.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return str(path)

    return write


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is not JSON: line 1, column 1"),
        (b'{"services": [}', "the file is not JSON: line 1, column 15"),
        (b'{"services": []} []', "the file is not JSON: line 1, column 18"),
        (b'{"name": "\xe4"}', "the file is not UTF-8: byte 11 cannot be read"),
        (b"[" * 200_000, "nested too deep"),
        (b'{"services": NaN}', "NaN is not a number of JSON"),
        (b'{"services": ' + b"1" * 5000 + b"}", "the file cannot be read: "),
        (b'{"services": [{"slug": "a", "name": "A", "name": "B"}]}', '"a": "name": the key is there twice'),
        (b"\0" * 50_000_000, "the file is not JSON: line 1, column 1"),
    ],
    ids=["empty", "cut", "two values", "latin-1", "deep", "nan", "long number", "key twice", "50 MB of nothing"],
)
def test_a_file_that_is_no_catalogue_is_refused_with_a_reason(file, content, reason):
    with pytest.raises(CommandError) as caught:
        call_command("load_catalogue", file(content))
    assert reason in str(caught.value)
    assert str(caught.value).endswith("nothing was changed.")
    assert len(str(caught.value)) < 500


def test_a_file_that_is_too_large_is_refused(tmp_path):
    path = tmp_path / "file.json"
    with path.open("wb") as file:
        file.truncate(100_000_001)
    with pytest.raises(CommandError, match="larger than 100 MB"):
        call_command("load_catalogue", str(path))


@pytest.fixture
def given_on_stdin(monkeypatch):
    return lambda content: monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_a_dash_loads_what_comes_on_standard_input(given_on_stdin):
    given_on_stdin(json.dumps(a_catalogue()).encode())
    call_command("load_catalogue", "-")
    assert Service.objects.count() == 1


def test_standard_input_that_is_too_large_is_refused_and_not_read_to_its_end(given_on_stdin, monkeypatch):
    monkeypatch.setattr(reading, "LARGEST", 1_000_000)
    given_on_stdin(b" " * 3_000_000)
    with pytest.raises(CommandError, match="larger than 1 MB"):
        call_command("load_catalogue", "-")
    assert len(reading.sys.stdin.buffer.read()) > 1_000_000


def test_a_file_that_is_not_there_is_told_so(tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("load_catalogue", str(tmp_path / "none.json"))


def test_a_byte_order_mark_does_no_harm(file):
    call_command("load_catalogue", file(b"\xef\xbb\xbf" + json.dumps(a_catalogue()).encode()))
    assert Service.objects.count() == 1
