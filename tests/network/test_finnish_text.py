"""Finnish words as the search reads them, in texts and in questions alike."""

import pytest

from network.finnish_text import WordsMissing, analyse, dictionary, query_terms, word_of
from network.finnish_text.words import restored


@pytest.mark.parametrize(
    ("form", "base"),
    [
        ("päihteiden", "päihde"), ("korvaushoidossa", "korvaushoito"), ("lähetteettä", "lähete"), ("Ryhmissä", "ryhmä"),
        ("opioidikorvaushoidossa", "opioidikorvaushoito"), ("selviämisasemalle", "selviämisasema"), ("vaimoni", "vaimo"),
        ("mieheni", "mies"), ("velkaneuvontaan", "velkaneuvonta"),
    ],
)  # fmt: skip
def test_any_case_form_has_its_base_form(form, base):
    assert query_terms(form) == [base]


@pytest.mark.parametrize(
    ("compound", "parts"),
    [
        ("opioidikorvaushoidossa", {"opioidi", "korvaushoito", "korvaus", "hoito"}),
        ("alkoholikatkaisuun", {"alkoholi", "katkaisu"}),
        ("läheisneuvonnasta", {"läheinen", "neuvonta"}),
        ("vertaisryhmät", {"ryhmä"}),
        ("väkivaltatyössä", {"väkivaltatyö", "työ"}),
    ],
)
def test_a_compound_is_taken_apart_into_words_that_are_known(compound, parts):
    assert parts <= set(analyse(compound))


@pytest.mark.parametrize("word", ["puhelin", "masennus", "alkoholi", "diakonia", "hoito", "kannabis", "asunnoton"])
def test_a_word_that_is_no_compound_stays_whole(word):
    assert word_of(word).parts == ()


def test_derived_words_meet():
    assert set(analyse("juominen")) & set(analyse("juo"))
    assert set(analyse("riippuvainen")) & set(analyse("riippuvuus"))
    assert set(analyse("asunnottomille")) & set(analyse("asunnottomuus"))
    for done, verb in (("juonut", "juoda"), ("pelannut", "pelata"), ("käyttänyt", "käyttää"), ("noussut", "nousta")):
        assert verb in analyse(done)
    assert analyse("lyhyt") == ["lyhyt"]


def test_spelling_of_hyphens_and_letters_does_not_matter():
    assert set(analyse("MIEPÄ-yksikkö")) >= set(analyse("miepä"))
    assert analyse("a\u0308iti") == analyse("äiti")  # composed and taken apart
    assert analyse("Al-Anon")[0] == analyse("al\u2011anon")[0]


def test_numbers_and_codes_are_left_alone():
    assert analyse("116 117 B12 24/7") == ["116", "117", "b12", "24", "7"]


def test_missing_dots_are_found_again():
    assert restored("paihdeklinikka") == "päihdeklinikka"
    assert restored("laheinen") == "läheinen"
    assert restored("xqzaoxa") == ""


@pytest.mark.parametrize("text", ["", "&|!:*()'\\", "\x00\u202e", "😀" * 50, "a" * 5000, "-" * 300, "ä-" * 200])
def test_any_text_is_read(text):
    analyse(text)


def test_the_dictionaries_are_loaded_and_not_built_where_they_are_missing(settings, tmp_path):
    dictionary.load()
    settings.WORDS_DIR = tmp_path
    dictionary._trie.cache_clear()
    try:
        with pytest.raises(WordsMissing):
            dictionary.base_form("hoito")
        assert list(tmp_path.iterdir()) == []
        assert not dictionary.are_there()
    finally:
        dictionary._trie.cache_clear()
