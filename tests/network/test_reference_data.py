"""What every portal starts with: counties, municipalities, unit types, urgent lines, the network's row."""

import pytest

from network import reference
from network.models import Municipality, Network, UnitType, UrgentLine, WellbeingCounty
from services import reference as services_reference
from services.models import ReadySearch
from tests.finnish import finnish_key

pytestmark = pytest.mark.django_db


def test_every_county_has_a_two_figure_code_and_names_in_three_languages():
    counties = list(WellbeingCounty.objects.all())
    assert len(counties) == 23  # 21 counties, the city of Helsinki and Åland
    assert all(len(county.code) == 2 and county.name and county.name_sv and county.name_en for county in counties)


def test_municipalities_have_codes_names_and_a_form_for_headings_and_stand_in_finnish_order():
    municipalities = list(Municipality.objects.all())
    assert municipalities
    assert all(
        len(one.code) == 3 and one.name and one.name_sv and one.name_in and one.county_id for one in municipalities
    )
    names = [one.name for one in municipalities]
    assert names == sorted(names, key=finnish_key)


def test_the_urgent_lines_are_the_two_national_numbers_danger_to_life_first():
    assert [(line.number, line.emphasised) for line in UrgentLine.objects.all()] == [("112", True), ("116 117", False)]


def test_loading_again_adds_nothing_and_leaves_what_a_coordinator_changed():
    counts = [model.objects.count() for model in (WellbeingCounty, Municipality, UnitType, UrgentLine)]
    UnitType.objects.filter(code="school").update(name="Opinahjo")
    Network.objects.update(name="Esimerkkiverkosto", slogan="Yhdessä")
    reference.load()
    assert [model.objects.count() for model in (WellbeingCounty, Municipality, UnitType, UrgentLine)] == counts
    assert UnitType.objects.get(code="school").name == "Opinahjo"
    assert Network.objects.values_list("name", "slogan").get() == ("Esimerkkiverkosto", "Yhdessä")


def test_what_is_missing_comes_back():
    UnitType.objects.filter(code="school").delete()
    reference.load()
    assert UnitType.objects.get(code="school").name_sv


def test_no_portal_starts_with_a_region_of_its_own():
    network = Network.current()
    assert (network.county, network.region_name, network.coordinator_name, network.coordinator_email) == (
        None,
        "",
        "",
        "",
    )


def test_an_urgent_line_or_ready_search_that_was_removed_stays_away():
    UrgentLine.objects.filter(number="116 117").delete()
    ReadySearch.objects.filter(code="everyday").delete()
    reference.load()
    services_reference.load()
    assert [line.number for line in UrgentLine.objects.all()] == ["112"]
    assert not ReadySearch.objects.filter(code="everyday").exists()
