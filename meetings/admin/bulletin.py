"""The ground floor's page of a bulletin, with groups among those whom it is sent to."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from meetings.models import Group
from network.admin.bulletin import BulletinAdmin, BulletinForm
from network.models import Bulletin


class GroupBulletinForm(BulletinForm):
    to_groups = forms.ModelMultipleChoiceField(
        Group.objects.none(),
        label=gettext_lazy("to people of these groups"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = list(self.instance.to_groups.all()) if self.instance.pk else []
        known = Group.objects.filter(Q(pk__in=Group.objects.active()) | Q(pk__in=[one.pk for one in chosen]))
        self.fields["to_groups"].queryset = known  # type: ignore[attr-defined]
        self.initial.setdefault("to_groups", chosen)

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]
        self.instance.to_groups.set(self.cleaned_data["to_groups"])


admin.site.unregister(Bulletin)


@admin.register(Bulletin)
class GroupBulletinAdmin(BulletinAdmin):
    form = GroupBulletinForm

    def get_fieldsets(self, request: HttpRequest, obj: Bulletin | None = None) -> Any:
        return [
            (
                title,
                options | {"fields": [*options["fields"], "to_groups"]} if "to_kinds" in options["fields"] else options,
            )
            for title, options in super().get_fieldsets(request, obj)
        ]
