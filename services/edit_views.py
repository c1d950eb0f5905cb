"""Editing a listing or an organisation's page: the form, what it will look like, and what others changed meanwhile."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from network.models import Organisation

from . import editing, links, own, permissions, preview
from .differences import differences, label_of
from .edit_fields import Choices
from .editing import Thing
from .exchange.shapes import Row
from .merging import Conflict, merge
from .models import ProposedEdit, Service
from .record_forms import EditForm, EditOrganisation, EditService

BASE, SALT = "base", "services.edit_views.base"
FORMS: dict[type[Any], type[EditForm]] = {Service: EditService, Organisation: EditOrganisation}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def service_edit(request: HttpRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(Service.objects.visible_to(request.user), slug=slug)
    if not permissions.can_edit(request.user, service):
        raise PermissionDenied
    return Editing(request, service).answer()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_edit(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = get_object_or_404(Organisation, slug=slug)
    if not permissions.can_edit_organisation(request.user, organisation):
        raise PermissionDenied
    return Editing(request, organisation).answer()


class Base(NamedTuple):
    """What a form began with: the published record, the version of the own proposal, and the other text of what two
    changed at once."""

    record: Row
    seen: int
    other: Row


def sign_base(thing: Thing, base: Base) -> str:
    """For the form to carry."""
    return signing.dumps([f"{type(thing).__name__}:{thing.pk}", *base], salt=SALT, compress=True)


def read_base(thing: Thing, token: str) -> Base | None:
    """None when it is not what `sign_base` gave out for this thing."""
    try:
        about, *told = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return Base(*told) if about == f"{type(thing).__name__}:{thing.pk}" else None


class Editing:
    """One request of the edit page, for one thing and its editor."""

    def __init__(self, request: HttpRequest, thing: Thing) -> None:
        self.request, self.thing, self.user = request, thing, request.user
        self.action = request.POST.get("action", "save")
        self.published = editing.record_of(thing)
        self.publishes = editing.may_publish(self.user, thing)  # type: ignore[arg-type]
        self.is_draft = not editing.is_public(thing)
        self.waiting = editing.waiting_of(self.user, thing)  # type: ignore[arg-type]
        self.reopened = self._reopened()
        self.choices = Choices()

    def _reopened(self) -> ProposedEdit | None:
        """An own text that was not approved or was taken back, to go on from: ?ehdotus=12."""
        asked = self.request.GET.get("ehdotus", "")
        if self.waiting or not asked.isdecimal() or len(asked) > 15:
            return None
        ended = [ProposedEdit.Status.REJECTED, ProposedEdit.Status.WITHDRAWN]
        own = ProposedEdit.objects.about(self.thing).filter(author=self.user, status__in=ended)  # type: ignore[misc]
        return own.filter(pk=asked).first()

    def start(self) -> tuple[Row, list[str]]:
        """What the form begins with, and the parts of it that others have changed since."""
        proposal = self.reopened or self.waiting
        if proposal is None or (self.is_draft and not self.reopened):
            return self.published, []
        return editing.rebased(proposal, self.published)

    # Answers ------------------------------------------------------------------------------------------------------

    def answer(self) -> HttpResponse:
        start, stale = self.start()
        kind = FORMS[type(self.thing)]
        if self.request.method != "POST":
            form = kind(start, wanted=[self.request.GET.get("osa", "")], choices=self.choices)
            return self.show(form, self.fresh_base(), stale=stale)
        add = self.action.removeprefix("add:") if self.action.startswith("add:") else ""
        base = read_base(self.thing, self.request.POST.get(BASE, ""))
        essentials = not self.is_draft or self.action == "save"
        form = kind(start, data=self.request.POST, add=add, essentials=essentials, choices=self.choices)
        if add or self.action == "back":
            form.forgive()
            return self.show(form, base)
        if not form.is_valid():
            return self.show(form, base)
        try:
            record = self.from_unknown(form.record(), start) if base is None else self.chosen(form.record(), base)
            base = base or self.fresh_base()
            if self.action == "preview":
                return self.preview(merge(base.record, record, self.published))
            if self.action == "save" and (similar := self.similar(record)):
                return self.show(form, base, similar=similar)
            return self.save(record, base)
        except Conflict as conflict:
            return self.show_conflict(conflict)
        except ValidationError as error:
            for message in error.messages:
                form.main.add_error(None, message)
            return self.show(form, base)

    def fresh_base(self) -> Base:
        return Base(self.published, self.waiting.version if self.waiting else 0, {})

    def similar(self, record: Row) -> list[Any]:
        """Others with nearly the name that this one is to have from now on, until she says that it is another."""
        name, thing = record["name"], self.thing
        if name == thing.name or self.request.POST.get("anyway"):
            return []
        if isinstance(thing, Service):
            return list(own.alike(name, thing.organisation, besides=thing.pk)[:5])
        return list(own.alike_bodies(name, thing)[:5])

    def from_unknown(self, record: Row, now: Row) -> Row:
        """When it is not known what the form began with: each part that differs from what stands now is asked for."""
        if keys := [key for key in record if record[key] != now[key]]:
            raise Conflict(keys, record, now, record)
        return record

    def chosen(self, record: Row, base: Base) -> Row:
        """Where the editor chose the other text of two, that one."""
        taken = {key: text for key, text in base.other.items() if self.request.POST.get(f"choose-{key}") == "theirs"}
        return record | taken

    def save(self, record: Row, base: Base) -> HttpResponse:
        """As a draft, at once or for review, and where to go on from there."""
        note = self.request.POST.get("note", "")[:1000]
        user: Any = self.user
        with transaction.atomic():
            proposal = editing.submit(self.thing, record, by=user, base=base.record, note=note, seen=base.seen)
            if self.is_draft and self.action == "save" and isinstance(self.thing, Service):
                proposal = editing.offer(self.thing, by=user, note=note)
        self.thing.refresh_from_db()
        if proposal:
            messages.success(self.request, _("Sent for review. You get an e-mail when it has been read."))
            return redirect("services:own")
        if self.is_draft and self.action != "save":
            messages.success(self.request, _("The draft is saved. Only you and the coordinator see it."))
            return redirect("services:edit", slug=self.thing.slug)
        if self.is_draft or self.published != editing.record_of(self.thing):
            messages.success(self.request, _("Your changes are published."))
        else:
            messages.success(self.request, _("There was nothing to change."))
        return redirect(self.thing)

    def show(
        self, form: EditForm, base: Base | None, stale: Sequence[str] = (), similar: Sequence[Any] = ()
    ) -> HttpResponse:
        others = differences(form.shape, self.published, form.start, self.choices, stale) if stale else []
        token = sign_base(self.thing, base) if base else ""
        context = self.context() | {"form": form, "base": token, "stale": others, "similar": similar}
        return render(self.request, "services/edit.html", context)

    def show_conflict(self, conflict: Conflict) -> HttpResponse:
        """Both texts of what two changed at once; the form goes on from the other's, with all of one's own."""
        kind = FORMS[type(self.thing)]
        mine, theirs, merged = conflict.mine, conflict.theirs, conflict.merged
        self.published = editing.record_of(type(self.thing)._default_manager.get(pk=self.thing.pk))
        self.waiting = editing.waiting_of(self.user, self.thing)  # type: ignore[arg-type]
        base = self.fresh_base()._replace(other={key: theirs[key] for key in conflict.keys})
        others = [key for key in theirs if key not in conflict.keys and merged[key] != mine[key]]
        context = self.context() | {
            "form": kind(merged, choices=self.choices),
            "base": sign_base(self.thing, base),
            "conflicts": differences(kind.shape, theirs, mine, self.choices, conflict.keys),
            "merged": [label_of(kind.shape, key) for key in others],
        }
        return render(self.request, "services/edit.html", context, status=409)

    def preview(self, record: Row) -> HttpResponse:
        typed = [
            (name, value)
            for name, values in self.request.POST.lists()
            if name not in ("action", "csrfmiddlewaretoken")
            for value in values
        ]
        return HttpResponse(preview.page(self.thing, record, self.request, self.context() | {"typed": typed}))

    def context(self) -> dict[str, Any]:
        others = ProposedEdit.objects.pending().about(self.thing).exclude(author=self.user).select_related("author")  # type: ignore[misc]
        return {
            "thing": self.thing,
            "broken": links.broken([self.thing]) if isinstance(self.thing, Service) else [],
            "is_service": isinstance(self.thing, Service),
            "is_draft": self.is_draft,
            "publishes": self.publishes,
            "waiting": self.waiting,
            "reopened": self.reopened,
            "others": others,
            "note": self.request.POST.get("note", self.waiting.note if self.waiting else ""),
        }
