"""Municipalities of other counties can be added from a file: all of it or nothing, and as often as one likes."""

import pytest
from django.core.management import CommandError, call_command

from network.models import Municipality

pytestmark = pytest.mark.django_db

GOOD = """code,name,name_sv,name_en,name_in,county
091,Helsinki,Helsingfors,,Helsingissä,90
049,Espoo,Esbo,,Espoossa,03
"""


@pytest.fixture
def file(tmp_path):
    def write(content: str | bytes) -> str:
        path = tmp_path / "kunnat.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


def load(path: str, capsys) -> str:
    call_command("load_municipalities", path)
    return capsys.readouterr().out


def everything() -> list[tuple]:
    return list(Municipality.objects.order_by("code").values_list("code", "name", "name_sv", "name_in", "county"))


def test_municipalities_are_added_with_their_names_and_county(file, capsys):
    assert load(file(GOOD), capsys) == "municipalities: 2 created, 0 changed, 0 unchanged\n"
    espoo = Municipality.objects.get(code="049")
    assert (espoo.name, espoo.name_sv, espoo.name_in, espoo.county_id) == ("Espoo", "Esbo", "Espoossa", "03")


def test_loading_again_changes_nothing(file, capsys):
    load(file(GOOD), capsys)
    before = everything()
    assert load(file(GOOD), capsys) == "municipalities: 0 created, 0 changed, 2 unchanged\n"
    assert everything() == before


def test_a_column_that_the_file_does_not_have_stays_as_it_is(file, capsys):
    load(file(GOOD), capsys)
    out = load(file("code;name;county\n049;Esbo;03\n"), capsys)
    assert out == "municipalities: 0 created, 1 changed, 0 unchanged\n"
    espoo = Municipality.objects.get(code="049")
    assert (espoo.name, espoo.name_sv) == ("Esbo", "Esbo")
    assert espoo.name_in == "Espoossa"


def test_one_wrong_line_means_that_nothing_is_loaded_and_every_fault_is_told(file):
    before = everything()
    wrong = GOOD + "49,Espoo,,,,03\n091,Helsinki,,,,90\n092,,,,,99\n" + f"018,{'x' * 101},,,,90\n019,A,,,,90,more\n"
    with pytest.raises(CommandError) as caught:
        call_command("load_municipalities", file(wrong))
    assert str(caught.value).splitlines() == [
        "kunnat.csv: line 4: code: '49' is not three figures, such as 005",
        "kunnat.csv: line 5: code: 091 is there twice, first on line 2",
        "kunnat.csv: line 6: name: is empty",
        "kunnat.csv: line 6: county: there is no wellbeing services county '99'",
        "kunnat.csv: line 7: name: is 101 characters long; at most 100 fit",
        "kunnat.csv: line 8: there are more cells than columns",
        "6 problems; nothing was changed.",
    ]
    assert everything() == before


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "line 1: the column code is missing"),
        ("code,name\n049,Espoo\n", "line 1: the column county is missing"),
        ("code,name,county,people\n", "line 1: there is no column 'people'"),
        ("code,name,name,county\n", "line 1: the column name is there twice"),
        (b"code,name,county\n049,Espo\xf6,03\n", "the file is not UTF-8: byte 26 cannot be read"),
        ('code,name,county\n049,"Espoo,03\n', "the file is not CSV"),
        ("code,name,county\n049,Es\0poo,03\n", "NUL"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_a_reason(file, content, reason):
    with pytest.raises(CommandError, match=reason):
        call_command("load_municipalities", file(content))


def test_a_file_that_is_not_there_is_told_so(tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("load_municipalities", str(tmp_path / "none.csv"))
