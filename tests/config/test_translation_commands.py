"""Compiling translations without gettext, and the check that none is missing."""

import gettext
import os

import polib
import pytest
from django.core.management import CommandError, call_command

from config.management.commands import check_translations

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
WANTED = {("", "Sign in", ""), ("", "%(count)s place", "%(count)s places")}
PLURAL = 'msgid "%(count)s place"\nmsgid_plural "%(count)s places"\nmsgstr[0] "%(count)s paikka"\nmsgstr[1] "%(count)s paikkaa"\n'
WELL = 'msgid "Sign in"\nmsgstr "Kirjaudu"\n\n' + PLURAL


@pytest.fixture
def catalogue(tmp_path, settings):
    settings.LOCALE_PATHS = [tmp_path]
    path = tmp_path / "fi" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEADER + WELL)
    return path


def test_the_project_s_translations_are_complete():
    call_command("check_translations")


def test_a_complete_catalogue_has_no_problem(catalogue):
    assert list(check_translations.catalogue_problems(catalogue, WANTED)) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (PLURAL, "not in the catalogue: 'Sign in'"),
        (WELL.replace('"Kirjaudu"', '""'), "not translated: 'Sign in'"),
        (WELL.replace('[1] "%(count)s paikkaa"', '[1] ""'), "not translated: '%(count)s place'"),
        ("#, fuzzy\n" + WELL, "doubtful (fuzzy): 'Sign in'"),
        (WELL + '\n#~ msgid "Old"\n#~ msgstr "Vanha"\n', "left over: 'Old'"),
        (WELL + '\nmsgid "Unused"\nmsgstr "Turha"\n', "no page uses it: 'Unused'"),
        (WELL.replace("%(count)s paikkaa", "%(cuont)s paikkaa"), "has a placeholder that the source has not"),
    ],
)
def test_each_fault_of_a_catalogue_is_named(catalogue, text, problem):
    catalogue.write_text(HEADER + text)
    (said,) = check_translations.catalogue_problems(catalogue, WANTED)
    assert said.startswith(problem)


def test_a_lost_placeholder_is_named(catalogue):
    catalogue.write_text(HEADER + 'msgid "Hello %(name)s"\nmsgstr "Hei"\n')
    (said,) = check_translations.catalogue_problems(catalogue, {("", "Hello %(name)s", "")})
    assert said.startswith("lacks a placeholder of the source")


def test_a_missing_catalogue_is_named(tmp_path):
    (said,) = check_translations.catalogue_problems(tmp_path / "none.po", WANTED)
    assert said.startswith("the file is missing")


def test_without_gettext_the_check_names_the_package(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(CommandError, match="apt-get install gettext"):
        call_command("check_translations")


def test_compiling_needs_no_gettext_programs(catalogue, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    call_command("compilemessages", verbosity=0)
    with catalogue.with_suffix(".mo").open("rb") as file:
        words = gettext.GNUTranslations(file)
    assert words.gettext("Sign in") == "Kirjaudu"
    assert words.ngettext("%(count)s place", "%(count)s places", 2) == "%(count)s paikkaa"
    assert sorted(path.name for path in catalogue.parent.iterdir()) == ["django.mo", "django.po"]


def test_only_what_has_changed_is_compiled(catalogue, capsys):
    call_command("compilemessages")
    call_command("compilemessages")
    assert capsys.readouterr().out.count("Compiled") == 1
    polib.pofile(str(catalogue)).save()
    later = catalogue.with_suffix(".mo").stat().st_mtime + 5
    os.utime(catalogue, (later, later))
    call_command("compilemessages")
    assert capsys.readouterr().out.count("Compiled") == 1
