"""Forms of an expert's profile: the first consent, the words, the steps of visibility, the picture, days away."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.guards import GuardedForm
from network.models import Municipality
from network.public_forms import OnceForm
from services.models import Language

from . import pictures
from .consents import Paper
from .models import (
    ExpertProfile,
    ExpertTheme,
    ProfileFormat,
    ProfilePicture,
    TalkFormat,
    TaskType,
    Training,
    Unavailable,
)


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PaperFields(forms.Form):
    """A consent on paper: its date and its words are written down."""

    signed_on = forms.DateField(label=gettext_lazy("Date on the paper"), widget=DayInput())
    paper_text = forms.CharField(
        label=gettext_lazy("Words of the consent, as on the paper"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5})
    )  # fmt: skip

    def clean_signed_on(self) -> Any:
        day = self.cleaned_data["signed_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day is still to come."))
        return day

    def paper(self) -> Paper:
        return Paper(self.cleaned_data["signed_on"], self.cleaned_data["paper_text"])


class BeginForm(OnceForm, GuardedForm, forms.ModelForm):
    """Nothing is saved without the tick."""

    agrees = forms.BooleanField(label=gettext_lazy("I agree to this"))

    class Meta:
        model = ExpertProfile
        fields = ("shown_name",)


class BeginForHerForm(OnceForm, GuardedForm, PaperFields, forms.ModelForm):
    """A coordinator begins a profile for an expert without an account."""

    class Meta:
        model = ExpertProfile
        fields = ("shown_name", "reached_by")


class AgreeForm(forms.Form):
    agrees = forms.BooleanField(label=gettext_lazy("I agree to this"))

    def paper(self) -> None:
        return None


class AgreeOnPaperForm(GuardedForm, PaperFields):
    """The expert's consent to the next step, on paper."""


class ProfileForm(GuardedForm, forms.ModelForm):
    """In the expert's own words. Each format has a field for its usual length; an empty one is not given."""

    class Meta:
        model = ExpertProfile
        fields = (
            "shown_name", "title", "reached_by", "introduction", "speaks_of", "will_not_speak_of", "themes", "task_types",
            "municipalities", "is_remote", "languages", "company", "may_record", "may_photograph",
        )  # fmt: skip
        widgets = dict.fromkeys(
            ("themes", "task_types", "municipalities", "languages"), forms.CheckboxSelectMultiple
        ) | {name: forms.Textarea(attrs={"rows": 5}) for name in ("introduction", "speaks_of", "will_not_speak_of")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: dict[str, Any] = {
            "themes": ExpertTheme.objects.filter(in_use=True),
            "task_types": TaskType.objects.filter(in_use=True),
            "municipalities": Municipality.objects.in_region(),
            "languages": Language.objects.filter(in_use=True),
        }
        for name, rows in offered.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        if not self.instance.is_kept_for_her:
            del self.fields["reached_by"]
        given = {one.format_id: one.minutes for one in self.instance.formats.all()}
        self.formats = list(TalkFormat.objects.filter(in_use=True))
        for one in self.formats:
            self.fields[f"format_{one.pk}"] = forms.IntegerField(
                label=one.local_name, required=False, min_value=5, max_value=600, initial=given.get(one.pk)
            )

    @property
    def format_fields(self) -> list[forms.BoundField]:
        return [self[f"format_{one.pk}"] for one in self.formats]

    @transaction.atomic
    def save(self, commit: bool = True) -> Any:
        profile = super().save(commit)
        for one in self.formats:
            minutes = self.cleaned_data[f"format_{one.pk}"]
            if minutes:
                ProfileFormat.objects.update_or_create(profile=profile, format=one, defaults={"minutes": minutes})
            else:
                ProfileFormat.objects.filter(profile=profile, format=one).delete()
        return profile


class TrainingForm(GuardedForm, forms.ModelForm):
    class Meta:
        model = Training
        fields = ("course", "organiser", "year")


class AwayForm(GuardedForm, forms.ModelForm):
    class Meta:
        model = Unavailable
        fields = ("first_day", "last_day")
        widgets = {"first_day": DayInput(), "last_day": DayInput()}


class PictureForm(GuardedForm, forms.Form):
    picture = forms.FileField(
        label=gettext_lazy("Picture"), help_text=gettext_lazy("JPEG, PNG or WebP, at most 5 megabytes."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )  # fmt: skip
    alt_text = forms.CharField(label=gettext_lazy("What the picture shows, in words"), max_length=200)

    def clean_picture(self) -> bytes:
        return pictures.cleaned(self.cleaned_data["picture"])

    def save(self, profile: ExpertProfile) -> None:
        facts = {"image": self.cleaned_data["picture"], "alt_text": self.cleaned_data["alt_text"]}
        ProfilePicture.objects.update_or_create(profile=profile, defaults=facts)
