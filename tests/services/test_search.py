"""What a person who searches is told, and that the words of services are always those of their texts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.models import Municipality
from services.models import IndexedWord, Service, ServiceText, ServiceType, StaleService, Synonym
from services.search import indexing, steps, understood
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/palvelut/"


@pytest.fixture
def page(client):
    return lambda **filters: client.get(LIST, filters)


@pytest.fixture
def found(page):
    return lambda words, **filters: [hit.name for hit in page(q=words, **filters).context["hits"]]


def make(name: str, code: str = "other", **fields):
    return factories.make_service(name, main_type=ServiceType.objects.get(code=code), **fields)


# The words of a service are those of its text ------------------------------------------------------------------------


def test_a_change_by_anybody_is_found_by_the_next_search(found, association):
    service = make("Kuoro", organisation=association)
    assert found("laulaminen") == []
    Service.objects.filter(pk=service.pk).update(summary="Yhdessä laulamista.")
    assert found("laulaminen") == ["Kuoro"]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE services_service SET name = 'Orkesteri' WHERE id = %s", [service.pk])
    assert found("kuoro") == []
    assert found("orkesterit") == ["Orkesteri"]
    association.name = "Soittajat ry"
    association.save()
    assert found("soittaja") == ["Orkesteri"]


def test_facts_texts_and_names_of_types_are_words_too(found):
    service = make("Vastaanotto")
    ServiceText.objects.create(service=service, language="sv", name="Mottagning för sömnlösa")
    service.further_types.add(ServiceType.objects.get(code="debt"))
    service.anonymous = True
    service.save()
    assert found("sömnlös") == found("velka-asiat") == found("nimettömänä") == ["Vastaanotto"]
    service.texts.all().delete()
    service.further_types.clear()
    assert found("sömnlös") == found("velka-asiat") == []
    ServiceType.objects.filter(code="other").update(name="Hevostalli")
    assert found("hevostallit") == ["Vastaanotto"]


def test_a_change_that_is_taken_back_leaves_nothing(transactional_db):
    indexing.refresh()
    before = StaleService.objects.count()
    service = make("Palvelu")
    indexing.refresh()
    assert StaleService.objects.count() == before == 0
    Service.objects.filter(pk=service.pk).update(cost="5 €")  # no word of the search
    assert StaleService.objects.count() == 0
    Service.objects.filter(pk=service.pk).update(summary="Toinen")
    assert StaleService.objects.count() == 1


def test_many_stale_services_are_left_to_the_worker(association):
    for number in range(4):
        make(f"Palvelu {number}", organisation=association)
    assert indexing.refresh(limit=3) == 0
    assert StaleService.objects.exists()
    while indexing.take_up(rows=2):
        pass
    assert not StaleService.objects.exists()
    indexing.count_words()
    assert IndexedWord.objects.get(word="palvelu").services == 4


# Synonyms -------------------------------------------------------------------------------------------------------------


def test_a_new_synonym_works_at_once_and_an_ended_one_no_more(found):
    make("Ratsastus", summary="Hevosia ja talleja.")
    assert found("kopukka") == []
    group = Synonym.objects.create(terms="hevonen\nkopukka\nkaakki", one_way=True)
    assert found("kopukat") == found("kaakille") == ["Ratsastus"]
    group.in_use = False
    group.save()
    assert found("kopukka") == []


def test_one_way_words_are_understood_and_never_shown(page):
    make("Katkaisuhoito", "detox-ward")
    answer = page(q="katkolle").context["answer"]
    assert "katkaisuhoito" in answer.asked.shown_also
    assert "katko" not in understood("katkaisuhoito").shown_also
    make("Katkonaisuus", "other", summary="Katko kerrallaan.")
    assert page(q="katkaisuhoito").context["hits"][0].name == "Katkaisuhoito"


# What was meant -------------------------------------------------------------------------------------------------------


def test_a_close_one_who_asks_gets_help_for_close_ones_first(found):
    make("Miesten sauna", "day-centre", audiences=["men"], summary="Sauna miehille, joita alkoholi vaivaa.")
    make("Tukea rinnalle", "close-ones", audiences=["close-ones"], addictions=["alcohol"])
    assert found("mies juo liikaa")[0] == "Tukea rinnalle"
    assert understood("vaimo ryyppää").for_close_ones
    assert understood("pelkään että poika käyttää").for_close_ones
    assert not understood("juon liikaa").for_close_ones
    assert not understood("miesten ryhmä").for_close_ones
    assert not understood("odottava äiti ja alkoholi").for_close_ones


def test_help_with_drinking_itself_comes_after_help_for_the_close_one(found):
    make("Alkoholin katkaisu", "detox-ward", addictions=["alcohol"], summary="Alkoholista irti, juominen tauolle.")
    make("Läheisten ryhmä", "close-ones", audiences=["close-ones"])
    assert found("vaimo ryyppää") == ["Läheisten ryhmä", "Alkoholin katkaisu"]
    assert found("minä juon liikaa")[0] == "Alkoholin katkaisu"


def test_danger_at_home_comes_before_help_for_the_close_one(found):
    make("Läheisten ryhmä", "close-ones", audiences=["close-ones"], addictions=["alcohol"])
    make("Turvakoti", "crisis")
    assert found("mies lyö humalassa")[0] == "Turvakoti"
    assert found("mies juo humalaan asti")[0] == "Läheisten ryhmä"


def test_a_time_is_a_need_for_help_now_unless_it_is_a_habit():
    assert understood("apua viikonloppuna").urgent
    assert not understood("mies juo joka viikonloppu").urgent
    assert not understood("pelaa yöt läpi").urgent


def test_an_age_tells_whom_services_are_for():
    for words in ("15-vuotias juo", "olen 15 v ja juon", "15-åring dricker"):
        assert "audience=youth" in understood(words).groups[0].facts
    assert "audience=older-people" in understood("70-vuotiaalle").groups[0].facts
    assert "audience=youth" in understood("teini juo").groups[0].facts  # no form of *tehdä*
    assert all("audience" not in " ".join(group.facts) for group in understood("40-vuotias juo").groups)


def test_the_word_itself_comes_before_what_it_means(found):
    make("Keskustelut", "mental-health", addictions=["alcohol"])
    make("Vastaanotto", "mental-health", summary="Apua, kun vaivana on unettomuus.")
    assert found("unettomuus") == ["Vastaanotto", "Keskustelut"]


def test_a_compound_means_what_its_parts_mean_however_it_is_written(found):
    make("Turvakoti", "crisis")
    make("Selviämisasema", "sobering-up")
    assert found("turvakotipaikka") == ["Turvakoti"]
    assert found("selviämis asema")[0] == "Selviämisasema"


def test_a_compound_means_what_its_last_part_means(found):
    make("Rahapelaajien ryhmä", "gambling", addictions=["gambling"])
    make("Keilailu", summary="Keilailua ja muita pelejä.")
    assert found("nettipeliriippuvuus")[0] == "Rahapelaajien ryhmä"
    make("Turvakoti", "crisis")
    assert found("turvatalo") == ["Turvakoti"]  # and what another last part of its kind means
    assert found("turvavyö") == []
    make("Yöllinen apu", "emergency")
    assert found("yöpäivystys") == ["Yöllinen apu", "Turvakoti"]  # and what a word ends in that no dictionary has


def test_the_page_tells_the_place_and_the_language_that_it_read_and_searches_without_them(page, region):
    place = Municipality.objects.in_region()[0]
    make("Ryhmä", "peer-group")
    shown = page(q=f"ryhmä {place.name_in} ruotsiksi")
    assert shown.context["read_from_words"] == [place.local_name, "ruotsi"]
    assert shown.context["rest_url"] == "?q=ryhm%C3%A4"
    assert shown.context["rest_url"] in shown.content.decode()
    assert page(q="ryhmä").context["read_from_words"] == []
    make("Ryhmä ruotsiksi", "peer-group", languages=["sv"])
    assert [hit.name for hit in page(q="på svenska").context["hits"]] == ["Ryhmä ruotsiksi"]


def test_a_place_is_a_fact_and_never_a_word(found, region):
    place = Municipality.objects.in_region()[0]
    other = Municipality.objects.in_region()[1]
    make("Ryhmä siellä", "peer-group", municipalities=(place.code,), organisation=factories.make_organisation("Y"))
    make("Ryhmä kaikille", "peer-group")
    make("Ryhmä muualla", "peer-group", municipalities=(other.code,), summary=f"Ei {place.name_in}.")
    assert understood(f"ryhmä {place.name_in}").place == place.code
    assert found(f"ryhmä {place.name_in}") == ["Ryhmä siellä", "Ryhmä kaikille"]


def test_a_language_is_a_fact(found):
    make("Neuvonta", "outpatient", languages=["fi"], addictions=["alcohol"], summary="Ei englanniksi.")
    make("Samtal", "outpatient", languages=["en"], addictions=["alcohol"])
    assert found("alkoholi englanniksi") == ["Samtal"]


def test_words_of_need_now_show_the_urgent_box_first(page):
    make("Päivystys", "emergency")
    text = page(q="mistä apua yöllä").content.decode()
    assert 0 < text.index('class="urgent"') < text.index('<li class="hit">')
    assert text.count('class="urgent"') == 1
    calm = page(q="päivystysaika").content.decode()
    assert calm.count('class="urgent"') == 1


# The steps ------------------------------------------------------------------------------------------------------------


def test_all_words_come_before_some_and_the_page_says_which_step_answered(page):
    make("Velkaneuvonta nuorille", "debt", summary="Apua velkaan.", audiences=["youth"])
    assert page(q="velkaneuvonta").context["answer"].step == "all"
    answer = page(q="velkaneuvontta").context["answer"]
    assert (answer.step, answer.did_you_mean) == ("typo", "velkaneuvonta")
    assert page(q="jalkapallo").context["answer"].step == "none"


@pytest.mark.parametrize("words", ["renkaiden vaihto", "passin uusiminen", "pilvipalvelun salasana", "lainan korko"])
def test_what_is_not_there_is_not_found(words, found):
    make("Neulojen ja ruiskujen vaihto", "health-counselling", addictions=["drugs"])
    make("Kannabiksen lopettaminen", "outpatient", addictions=["cannabis"], summary="Palvelu kannabiksesta.")
    assert found(words) == []


def test_the_words_that_matched_are_marked_and_nothing_else_gets_through(page):
    make("Läheisten <b>ryhmä</b>", "close-ones", summary="Ryhmässä & yhdessä.")
    text = page(q="ryhmät").content.decode()
    assert "<mark>ryhmä</mark>" in text
    assert "<mark>Ryhmässä</mark> &amp; yhdessä" in text
    assert "<b>ryhmä" not in text
    assert "&lt;b&gt;" in text


BAD = {
    "long": "päihde " * 720, "200 words": " ".join(f"sana{'ab'[n % 2]}{n}" for n in range(200)), "stop words": "ja on ei se", "operators": "& | ! : * ( ) \\ <-> 'a':*", "quotes": "\"' '' \"",
    "emoji": "😀 🍺", "marks": "\u202eryhmä\u200f", "tsquery": "!!!a & (b | c", "digits": "112 116117",
}  # fmt: skip


@pytest.mark.parametrize("words", BAD.values(), ids=BAD)
def test_anything_may_be_written(words, page):
    make("Ryhmä", "peer-group")
    assert page(q=words).status_code == 200


def test_many_words_that_nothing_knows_are_looked_for_in_one_query():
    make("Ryhmä", "peer-group")
    many = " ".join(f"zyx{a}nt{b}" for a in "aeiou" for b in "aeio")
    counts = []
    for words in ("ryhmä", "zyxonta zyxanto", many):
        with CaptureQueriesContext(connection) as queries:
            steps.answer(Service.objects.published(), words)
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_a_search_that_takes_too_long_gives_up_calmly(page, settings, monkeypatch):
    make("Ryhmä", "peer-group")

    def slow(*_arguments):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")

    monkeypatch.setattr("services.search.steps.answer", slow)
    settings.SEARCH_TIMEOUT_MS = 20
    answer = page(q="ryhmä")
    assert answer.status_code == 200
    assert "answer" not in answer.context
    assert answer["Cache-Control"] == "no-store"  # and is not kept for the next one
    assert page().status_code == 200  # the connection is as it was
