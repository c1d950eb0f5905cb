"""People with an account. Nobody becomes a coordinator here: another names them on the page for handing over, or
`manage.py make_coordinator` does, on the server.

Django's own `createsuperuser` makes a coordinator too, by the same `is_staff`; `is_superuser` by itself opens nothing.
"""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network import personal_data
from network.accounts import second_factor
from network.models import DataRequest, User
from network.own_data import requests
from network.transitions import InvalidTransition

from .base import PortalAdmin
from .membership import UserMembershipInline
from .notes import PersonNoteInline


@admin.register(User)
class UserAdmin(PortalAdmin):
    list_display = ("email", "name", "language", "is_staff", "is_active", "date_joined", "last_login")
    list_filter = ("is_staff", "is_active", "language")
    search_fields = ("email", "name")
    inlines = [UserMembershipInline, PersonNoteInline]
    fieldsets = [
        (None, {"fields": ["email", "name", "phone", "language", "is_active"]}),
        (
            gettext_lazy("What the person has chosen"),
            {
                "fields": [
                    "name_shown_to",
                    "contact_shown_to",
                    "competences",
                    ("wants_meetings", "wants_mailing_list"),
                    ("wants_working_groups", "wants_expert_tasks"),
                    ("bulletin_delivery", "changes_delivery"),
                ],
                "classes": ["collapse"],
            },
        ),
        (gettext_lazy("Rights and use"), {"fields": ["is_staff", "date_joined", "last_login"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": ["email", "name", "language"],
                "description": gettext_lazy(
                    "The account is made without a password. A member who never signs in gets the network's mail all the same."
                ),
            },
        )
    ]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        return self.inlines if obj else [UserMembershipInline]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """A coordinator's address is the way to a new password, so that no other coordinator changes it either."""
        fixed = ("is_staff", "date_joined", "last_login")
        return (*fixed, "email", "is_active") if obj and obj.is_staff else fixed

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.is_staff)

    # A person's own data: given as a file, and erased by the rules of *Omat tiedot* -----------------------------

    def get_urls(self) -> Any:
        own_data = path(
            "<path:object_id>/tiedot/", self.admin_site.admin_view(self.own_data), name="network_user_own_data"
        )
        factor = path(
            "<path:object_id>/vaihe/", self.admin_site.admin_view(self.second_factor), name="network_user_second_factor"
        )
        return [own_data, factor, *super().get_urls()]

    def second_factor(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Takes the second step from a member who has lost it: asks first, and tells the person by mail."""
        person, by = self.get_object(request, object_id), cast(User, request.user)
        if person is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if not second_factor.can_remove(by, person):
            raise PermissionDenied
        if request.method == "POST":
            try:
                second_factor.remove(person, by=by)
                messages.success(request, _("The second step was removed, and the person was told by mail."))
            except InvalidTransition as error:
                messages.error(request, error.messages[0])
            return redirect("admin:network_user_change", person.pk)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "person": person}
        return render(
            request,
            "admin/network/user/second_factor.html",
            {**context, "title": _("Remove the second step"), "has_one": second_factor.has_one(person)},
        )

    def own_data(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Gives all that is held about a person who does not sign in; written down as a request that is done."""
        person = self.get_object(request, object_id)
        if person is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if request.method == "POST":
            requests.log_done(DataRequest.Kind.ACCESS, person=person, by=cast(User, request.user))
            return requests.download(person, by_desk=True)
        kinds = [(kind.title, len(kind.rows(person))) for kind in personal_data.for_desk()]
        context = {**self.admin_site.each_context(request), "opts": self.opts, "person": person, "kinds": kinds}
        return render(request, "admin/network/user/own_data.html", {**context, "title": _("Give the data as a file")})

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        requests.erase(obj, by=cast(User, request.user))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for person in queryset:
            requests.erase(person, by=cast(User, request.user))

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
