"""What all lists and forms of the coordinator's desk have in common.

Fields are the browser's own (a date field, a select, check boxes): they work without a script, with a keyboard and
with a screen reader. Choices are fetched once a request, however many rows of a form offer them.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar

import psycopg
from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network import personal_data
from network.guards import guard_free_text
from network.models import Organisation
from network.models.organisation import slug_validator

logger = logging.getLogger(__name__)

Choices = list[tuple[Any, str]]


def choices_of(request: HttpRequest, model: type[Model]) -> Choices:
    """(key, name) of every row of the model, fetched once for the request."""
    kept: dict[type[Model], Choices] = request.__dict__.setdefault("_choices_of", {})
    if model not in kept:
        if model is Organisation:
            rows = Organisation.objects.select_related("parent")
            kept[model] = [(row.pk, f"{row} ({row.parent})" if row.parent else str(row)) for row in rows]
        else:
            kept[model] = [(row.pk, str(row)) for row in model._default_manager.all()]
    return kept[model]


class PlainFields:
    """For forms and their inlines: native fields, choices kept for the request, no pop-up windows."""

    formfield_overrides: ClassVar[Mapping[type[models.Field], Mapping[str, Any]]] = {
        models.CharField: {"widget": forms.TextInput},
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 4})},
        models.EmailField: {"widget": forms.EmailInput},
        models.URLField: {"widget": forms.URLInput, "assume_scheme": "https"},
        models.UUIDField: {"widget": forms.TextInput},
        models.IntegerField: {"widget": forms.NumberInput},
        models.PositiveSmallIntegerField: {"widget": forms.NumberInput},
        models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
        models.TimeField: {"widget": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")},
        models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple},
    }

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
        field.choices = [("", "–"), *self.related_choices(db_field, request)]
        return field

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None:
            field.choices = self.related_choices(db_field, request)
        return field

    def related_choices(self, db_field: Any, request: HttpRequest) -> Choices:
        return choices_of(request, db_field.remote_field.model)


class PortalAdmin(PlainFields, admin.ModelAdmin):
    save_on_top = False
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    actions_on_bottom = False
    empty_value_display = "–"

    @property
    def media(self) -> forms.Media:
        return forms.Media(js=["admin/js/actions.js"])  # only ticks all boxes of a list at once

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What would go, without the rows that only tie two things together or that the database makes by itself: they
        have no name for people. Nor with what is kept from the desk."""
        shown, counts, lacking, protected = super().get_deleted_objects(objs, request)
        models = apps.get_models(include_auto_created=True)
        ties = [
            model._meta for model in models if model._meta.auto_created or getattr(model, "is_made_of_others", False)
        ]
        ties += [model._meta for model in personal_data.models_kept_from_desk()]
        plurals = {str(tie.verbose_name_plural) for tie in ties}
        starts = tuple(f"{capfirst(tie.verbose_name)}:" for tie in ties)
        counts = {name: count for name, count in counts.items() if str(name) not in plurals}
        return without(shown, starts), counts, lacking, protected

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Of two forms sent at once the second is read when the first is saved: then it sees that it is stale."""
        if request.method == "POST" and from_field is None and connection.in_atomic_block:
            with suppress(ValidationError, ValueError):
                pk = self.opts.pk.to_python(object_id)
                self.model._base_manager.select_for_update().filter(pk=pk).values_list("pk").first()
        return super().get_object(request, object_id, from_field)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write only what the form changed. What others wrote since the form was read – a state, a right – stays."""
        if not change or obj._state.adding:
            super().save_model(request, obj, form, change)
            return
        if self.model._base_manager.select_for_update().filter(pk=obj.pk).values_list("pk").first() is None:
            raise Gone
        columns = {field.name for field in self.opts.concrete_fields}
        stamps = [field.name for field in self.opts.concrete_fields if getattr(field, "auto_now", False)]
        obj.save(update_fields=[*(name for name in form.changed_data if name in columns), *stamps])

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """What the database refuses although the form let it through comes back as typed, with the reason above it."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Gone:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        except IntegrityError as error:
            log_refusal(error, self.opts.label)
            request.__dict__["_refusal"] = reason_of(error)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        fields = kwargs.get("fields") or flatten_fieldsets(self.get_fieldsets(request, obj))
        kwargs["fields"] = [name for name in fields if name != STAMP]
        form = super().get_form(request, obj, change, **kwargs)
        guard_free_text(form)
        if obj is not None and hasattr(obj, "updated_at"):
            form = aware_of_others(form)
        refusal = request.__dict__.get("_refusal")
        return refused(form, refusal) if refusal else form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """With the hidden stamp of `aware_of_others` in the first part."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not hasattr(obj, "updated_at"):
            return fieldsets
        (title, first), *rest = fieldsets
        fields = [name for name in first["fields"] if name != STAMP]
        return [(title, {**first, "fields": [*fields, STAMP]}), *rest]


STAMP = "read_at_version"


def aware_of_others(form: type[forms.ModelForm]) -> type[forms.ModelForm]:
    """A form that was opened before somebody else saved comes back once, with what was typed and a word of it.

    It carries the time of the last change when it was read; a second save then knows of the other's.
    """

    class AwareForm(form):  # type: ignore[misc,valid-type]
        data: Any

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            version = self.instance.updated_at.isoformat() if self.instance.pk else ""
            self.stale = self.is_bound and self.data.get(self.add_prefix(STAMP), version) != version
            self.initial[STAMP] = version
            if self.stale:
                told = self.data.copy()
                told[self.add_prefix(STAMP)] = version
                self.data = told

        def clean(self) -> Any:
            cleaned = super().clean()
            if self.stale:
                self.add_error(
                    None,
                    _(
                        "Somebody changed this after you opened it. What you typed is here: check it against the present details and save again."
                    ),
                )
            return cleaned

    AwareForm.base_fields = {**form.base_fields, STAMP: forms.CharField(required=False, widget=forms.HiddenInput)}
    AwareForm.declared_fields = {**form.declared_fields, STAMP: AwareForm.base_fields[STAMP]}
    return AwareForm


class Gone(Exception):
    """Somebody deleted the thing while its form was open."""


def refused(form: type[forms.ModelForm], reason: str) -> type[forms.ModelForm]:
    """The form of something that the database has refused: never valid, and it tells why unless a field does."""

    class RefusedForm(form):  # type: ignore[misc,valid-type]
        def full_clean(self) -> None:
            super().full_clean()
            if not self.errors:
                self.add_error(None, reason)

    return RefusedForm


def reason_of(error: IntegrityError) -> str:
    """The words of the constraint that refused; where it has none of its own, what the kind of refusal tells."""
    cause = error.__cause__
    name = cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            own_words = constraint.violation_error_message is not constraint.default_violation_error_message
            if constraint.name == name and own_words:
                return str(constraint.get_violation_error_message())
    if isinstance(cause, psycopg.errors.UniqueViolation | psycopg.errors.ForeignKeyViolation):
        return _("This could not be saved: somebody changed the same thing at the same moment. Check and try again.")
    return _("This could not be saved: the database refused it. What happened is in the portal's log.")


def log_refusal(error: IntegrityError, model: str) -> None:
    """With the way it came, but without PostgreSQL's details: they repeat the row that was typed."""
    cause = error.__cause__
    told = cause.diag.message_primary if isinstance(cause, psycopg.Error) else ""
    logger.error(
        "The database refused what the form of %s let through.",
        model,
        exc_info=(IntegrityError, IntegrityError(told), error.__traceback__),
    )


def without(shown: list[Any], starts: tuple[str, ...]) -> list[Any]:
    """The nested list without the entries that start so."""
    kept = (without(entry, starts) if isinstance(entry, list) else entry for entry in shown)
    return [entry for entry in kept if not str(entry).startswith(starts)]


class PortalInline(PlainFields, admin.StackedInline):
    """Rows of something that hangs on the form's thing. `follows`: class of the fieldset they are shown after."""

    extra = 1
    classes: Sequence[str] = ("collapse",)
    follows = ""
    related: Sequence[str] = ()  # what the name of a row is made of, fetched with the rows

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        guard_free_text(formset.form)
        return formset

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset = super().get_queryset(request)
        return queryset.select_related(*self.related) if self.related else queryset


class AddressForm(forms.ModelForm):
    """A form with a `slug`: left empty it is made from the name, and reserved words are refused."""

    reserved: Iterable[str] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" not in self.fields:
            return
        self.fields["slug"].required = False
        self.fields["slug"].help_text = (
            _("The last part of the page's address. A new address breaks the links that people have saved.")
            if self.instance.pk
            else _("The last part of the page's address. Left empty, it is made from the name.")
        )

    def clean_slug(self) -> str:
        slug = self.cleaned_data.get("slug") or ""
        if not slug:
            if self.instance.pk:
                raise ValidationError(_("Give the address."))
            slug = self.free_slug(slugify(self.data.get(self.add_prefix("name"), "")))
        slug_validator(slug)
        if slug in self.reserved:
            raise ValidationError(_("This address is used by another page."))
        return slug

    def free_slug(self, wanted: str) -> str:
        """The wanted address, or the first free one with a number behind it."""
        if not wanted:
            raise ValidationError(_("Give the address."))
        longest = self._meta.model._meta.get_field("slug").max_length - 4
        wanted = wanted.replace("_", "-")[:longest].strip("-")
        taken = set(self._meta.model._default_manager.filter(slug__startswith=wanted).values_list("slug", flat=True))
        taken |= set(self.reserved) | self.also_taken()
        return next(slug for slug in [wanted, *(f"{wanted}-{n}" for n in range(2, 1000))] if slug not in taken)

    def also_taken(self) -> set[str]:
        """Addresses that no row has but that are not free: those that lead on to where something is now."""
        return set()


class CodeAdmin(PortalAdmin):
    """Rows known by a code of the exchange format: it is given once and never changed."""

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return (*super().get_readonly_fields(request, obj), *(("code",) if obj else ()))

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        code = form.base_fields.get("code")
        if code is not None and isinstance(code, forms.SlugField):
            code.validators = [*code.validators, slug_validator]
        return form


def verb_action(method: str | Callable[..., Any], title: Any, done: Callable[[int], str]) -> Any:
    """An action that calls a method of each chosen thing – or a function with it – and tells what came of it.

    It raises ValidationError when the thing is not in a state for it; nothing else is left undone by that.
    """

    @admin.action(description=title, permissions=["change"])
    def run(model_admin: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        count, refused = 0, []
        for thing in queryset:
            try:
                if isinstance(method, str):
                    getattr(thing, method)(by=request.user)
                else:
                    method(thing, by=request.user)
            except ValidationError as error:
                refused.append((thing, " ".join(error.messages)))
            else:
                count += 1
                model_admin.log_change(request, thing, str(title))
        if count:
            model_admin.message_user(request, done(count), messages.SUCCESS)
        for thing, reason in refused[:SHOWN_REFUSALS]:
            model_admin.message_user(request, format_html("{}: {}", thing, reason), messages.ERROR)
        if len(refused) > SHOWN_REFUSALS:
            more = len(refused) - SHOWN_REFUSALS
            model_admin.message_user(
                request, _("And %(count)d more were left as they were.") % {"count": more}, messages.ERROR
            )
        return None

    run.__name__ = method if isinstance(method, str) else method.__name__
    return run


SHOWN_REFUSALS = 10

LANGUAGES = gettext_lazy("In other languages")
