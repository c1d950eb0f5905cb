"""A personal identity code is refused wherever text is written; ordinary numbers are not. All codes here are made up."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from network.guards import (
    CHECKING,
    CLIENT_DATA_WARNING,
    GuardedForm,
    guard_free_text,
    holds_identity_code,
    no_identity_code,
    no_identity_code_constraint,
)
from network.models import Organisation
from tests import factories


def code(date: str = "131052", sign: str = "-", number: str = "308") -> str:
    return date + sign + number + CHECKING[int(date + number) % 31]


CODE = code()


def test_the_known_example_is_a_code():
    """131052-308T is the example that the authority itself shows."""
    assert CODE == "131052-308T"


@pytest.mark.parametrize("sign", "+-ABCDEFYXWVU")
def test_every_century_is_known(sign):
    assert holds_identity_code(code(sign=sign))
    assert holds_identity_code(code(sign=sign).lower())


@pytest.mark.parametrize(
    "text",
    [
        "Asiakas 131052-308T soitti.",
        "(131052-308T)",
        "hetu131052-308Tja muuta",
        "131052 - 308T",
        "131052–308T",
        "131052‑308T",
        "１３１０５２-308T",
        "31.12.2026\n131052-308T\n",
        "131052-308A 131052-308T",  # a wrong one before it
        code(number="950"),  # given for the time being
        code("290200", "A"),
    ],
)
def test_a_code_is_found_in_any_surroundings(text):
    with pytest.raises(ValidationError) as refused:
        no_identity_code(text)
    assert "308" not in str(refused.value.messages)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Puhelin 044 131052-308",
        "131052-308A",  # the check is wrong
        code("321052"),
        code("131352"),
        code("300201", "A"),
        code("310401", "A"),
        "1" + CODE,
        "131052-3080123",
        "1234567-8",
        "FI21 1234 5600 0007 85",
        "13.10.1952",
        "2026-11-26T11:00:00+02:00",
        "ark. 9-15, 131052, 87100 Kajaani",
        "https://example.org/131052/308T",
    ],
)
def test_ordinary_numbers_are_not_refused(text):
    no_identity_code(text)


def test_a_list_is_read_entry_by_entry_and_other_values_are_left_alone():
    no_identity_code(["a", None, 3])
    no_identity_code(131052308)
    with pytest.raises(ValidationError):
        no_identity_code(["a", CODE])


codes = st.builds(
    code,
    st.from_regex(r"[0-3][0-9][01][0-9]{3}", fullmatch=True).filter(str.isascii),
    st.sampled_from("+-–ABUxyG "),
    st.from_regex(r"[0-9]{3}", fullmatch=True).filter(str.isascii),
)
texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=20)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=texts, found=codes, after=texts)
@example(before="", found=CODE, after="")
@example(before="１", found=CODE, after="")
def test_the_database_and_the_form_agree(before, found, after, db):
    text = before + found + after
    with connection.cursor() as cursor:
        cursor.execute("SELECT holds_identity_code(%s)", [text])
        assert cursor.fetchone()[0] == holds_identity_code(text)


@pytest.mark.django_db
def test_no_column_under_the_constraint_holds_a_code():
    class Note(models.Model):  # noqa: DJ008
        title = models.CharField(max_length=50)
        body = models.TextField(null=True)

        class Meta:
            app_label = "network"
            managed = False
            constraints = [no_identity_code_constraint("title", "body", name="note_no_identity_code")]

    try:
        with connection.schema_editor() as editor:
            editor.create_model(Note)
        Note.objects.create(title="a", body="b")
        Note.objects.create(title="", body=None)
        for typed in ({"title": CODE, "body": "b"}, {"title": "a", "body": f"x {CODE}"}):
            with pytest.raises(IntegrityError, match="note_no_identity_code"), transaction.atomic():
                Note.objects.create(**typed)
            with pytest.raises(ValidationError):
                Note(**typed).full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            Note.objects.update(body=CODE)
    finally:
        from django.apps import apps

        del apps.all_models["network"]["note"]
        apps.clear_cache()


# Forms --------------------------------------------------------------------------------------------------------------


class LetterForm(GuardedForm):
    name = forms.CharField()
    body = forms.CharField(widget=forms.Textarea, help_text="A few words.")
    age = forms.IntegerField(required=False)
    secret = forms.CharField(widget=forms.PasswordInput, required=False)


def test_a_guarded_form_refuses_and_warns():
    form = LetterForm({"name": CODE, "body": f"a {CODE}", "secret": CODE})
    assert set(form.errors) == {"name", "body"}
    assert str(form["body"].help_text) == f"A few words. {CLIENT_DATA_WARNING}"
    assert form["name"].help_text == ""
    assert LetterForm({"name": "a", "body": "b"}).is_valid()


def test_guarding_twice_changes_nothing():
    form = LetterForm()
    guard_free_text(form, warn=True)
    guard_free_text(form, warn=True)
    assert form.fields["body"].validators.count(no_identity_code) == 1
    assert str(form["body"].help_text).count(str(CLIENT_DATA_WARNING)) == 1


def test_a_model_form_is_guarded_too(db):
    class OrganisationForm(GuardedForm, forms.ModelForm):
        class Meta:
            model = Organisation
            fields = ["name", "description"]

    assert set(OrganisationForm({"name": CODE, "description": CODE}).errors) == {"name", "description"}


# The desk -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(as_user, coordinator, region):
    return as_user(coordinator)


def test_the_desk_refuses_a_code_in_a_form_and_in_its_rows(desk, association):
    address = f"/hallinta/network/organisation/{association.pk}/change/"
    page = desk.get(address)
    typed = {name: value for name, value in page.context["adminform"].form.initial.items() if value is not None}
    rows = {
        f"{formset.formset.prefix}-{count}_FORMS": "0"
        for formset in page.context["inline_admin_formsets"]
        for count in ("TOTAL", "INITIAL")
    }
    link = {"links-TOTAL_FORMS": "1", "links-0-title": CODE, "links-0-url": "https://example.org/"}
    assert "links-TOTAL_FORMS" in rows
    answer = desk.post(address, typed | rows | link | {"description": f"Soita {CODE}"})
    assert answer.status_code == 200
    assert "description" in answer.context["adminform"].form.errors
    assert any(
        "title" in errors for inline in answer.context["inline_admin_formsets"] for errors in inline.formset.errors
    )
    association.refresh_from_db()
    assert CODE not in association.description


def test_the_desk_refuses_a_code_in_a_service(desk):
    service = factories.make_service("Ryhmä")
    page = desk.get(f"/hallinta/services/service/{service.pk}/change/")
    fields = page.context["adminform"].form.fields
    written = [field for field in fields.values() if isinstance(field, forms.CharField) and not field.widget.is_hidden]
    assert len(written) > 5
    assert all(no_identity_code in field.validators for field in written)
