"""The admin as the coordinator's desk: the network's name above it, our own sign-in in front of it."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from network.models import Network, User

from .own_pages import waiting_for

# How the overview groups the desk's lists: by what a coordinator comes to do, not by where the code lives.
GROUPS = [
    (_("Catalogue"), ["services.Service", "services.ServicePlace", "network.Organisation", "services.HolidayRound"]),
    (
        _("What people tell"),
        ["services.ListingReport", "services.ServiceNotice", "services.LinkCheck", "services.SearchCount"],
    ),
    (
        _("People"),
        [
            "network.User",
            "network.Membership",
            "network.JoinRequest",
            "network.Invitation",
            "network.GroundRules",
            "network.DataRequest",
        ],
    ),
    (_("Meetings"), ["meetings.Meeting", "meetings.MeetingSeries", "meetings.Group", "meetings.MeetingTheme"]),
    (
        _("Experience experts"),
        [
            "experts.GuideVersion",
            "experts.FeeModelVersion",
            "experts.ActivitySettings",
            "experts.ExpertTheme",
            "experts.TalkFormat",
            "experts.TaskType",
            "experts.Occasion",
        ],
    ),
    (_("Messages"), ["network.Bulletin", "network.Message"]),
    (
        _("The portal"),
        [
            "network.Network",
            "network.UrgentLine",
            "network.Statement",
            "services.ReadySearch",
            "services.Synonym",
            "network.Feedback",
            "network.RetentionPeriod",
        ],
    ),
    (
        _("Words of the catalogue"),
        [
            "services.ServiceType",
            "services.Audience",
            "services.Addiction",
            "services.Stage",
            "services.Setting",
            "services.Aim",
            "services.Component",
            "services.Channel",
            "services.Language",
            "network.UnitType",
            "network.Competence",
            "network.MemberRole",
        ],
    ),
    (_("Region"), ["network.Municipality", "network.WellbeingCounty"]),
]
NOT_HERE = {"auth", "procrastinate", "account", "mfa", "socialaccount", "usersessions"}
# Pages of the coordinator's that are no lists of the desk: name → address name and query.
PAGES = [
    (_("Requests to join"), "join_request_list", ""),
    (_("Messages"), "incoming_list", ""),
    (_("Invite people"), "invitation_list", ""),
    (_("People and their rights"), "member_list", ""),
    (_("Organisations without an editor"), "admin:network_organisation_changelist", "?editor=no&working=yes"),
    (_("Listings without an editor"), "admin:services_service_changelist", "?editor=no&state=published"),
    (_("What people search for"), "admin:services_searchcount_changelist", ""),
    (_("Handing over"), "hand_over", ""),
]
MENU = ["services.Service", "network.Organisation", "meetings.Meeting", "network.User", "network.Bulletin"]


class PortalAdminSite(admin.AdminSite):
    enable_nav_sidebar = False
    index_title = _("Coordinator's desk")
    empty_value_display = "–"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """As always, but some stay out: a coordinator may do everything here and nobody else anything.

        Groups mean nothing here; the queue's own pages break our security policy; and what the sign-in's library keeps
        are secrets of second factors, and addresses that must agree with accounts.
        """
        models: list[Any] = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        super().register([model for model in models if model._meta.app_label not in NOT_HERE], admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and request.user.is_coordinator

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Visitors go to our sign-in page; a person who is signed in but no coordinator is refused, not sent round."""
        checked = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), reverse(settings.LOGIN_URL))
            if not self.has_permission(request):
                raise PermissionDenied
            return checked(request, *args, **kwargs)

        return update_wrapper(inner, view)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        wanted = request.GET.get("next") or reverse("admin:index")
        return redirect_to_login(wanted, reverse(settings.LOGIN_URL))

    login = login_not_required(login)  # it only forwards

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """There is one page for it, the one of everybody."""
        return redirect("account_change_password")

    password_change_done = password_change

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """With what waits for the coordinator."""
        assert isinstance(request.user, User)  # noqa: S101  see `admin_view`
        waiting = [one for one in waiting_for(request.user) if one.number]
        pages = [(name, reverse(address) + query) for name, address, query in PAGES]
        return super().index(request, {**(extra_context or {}), "waiting": waiting, "desk_pages": pages})

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> Any:
        """There is one overview, not one for each part of the code."""
        return redirect("admin:index")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        name = Network.current().local_name
        context = super().each_context(request)
        entries = {entry["key"]: entry for group in context["available_apps"] for entry in group["models"]}
        menu = [
            entries[key] | {"current": request.path.startswith(entries[key]["admin_url"])}
            for key in MENU
            if key in entries
        ]
        return context | {"site_header": name, "site_title": name, "desk_menu": menu}

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """The lists in the groups of `GROUPS`; what stands in none comes last, so that nothing is lost."""
        entries = {
            entry["model"]._meta.label: entry | {"key": entry["model"]._meta.label}
            for app in self._build_app_dict(request).values()
            for entry in app["models"]
        }
        groups = [(name, [entries.pop(key) for key in keys if key in entries]) for name, keys in GROUPS]
        groups.append((_("Other"), sorted(entries.values(), key=lambda entry: str(entry["name"]))))
        return [
            {
                "name": name,
                "app_label": "",
                "app_url": reverse("admin:index"),
                "has_module_perms": True,
                "models": models,
            }
            for name, models in groups
            if models
        ]
