"""Pages of orders: asking for an expert, the lists, and the order's own page for each party."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.models import User
from network.permissions import signed_in
from network.public_forms import open_form
from network.transitions import InvalidTransition
from services.kept_rows import Parts
from services.models import Service

from . import fees, orders, permissions, starting
from .models import ActivitySettings, ExpertProfile, ExpertTheme, Offer, Order
from .order_forms import GuestOrderForm, OrderForm
from .order_verbs import VERBS, offered
from .parties import Party, party_by_link, party_of

PAGE_SIZE = 20
ROW_PARTS = ("task_type", "organisation", "municipality")
NAMES = [f"{part}__{name}" for part in ROW_PARTS for name in ("name", "name_sv", "name_en")]
ROW = ("topic", "status", "organisation_name", *NAMES)
METHODS = ["GET", "HEAD", "POST"]


# Asking -------------------------------------------------------------------------------------------------------------


@login_not_required
@open_form
@never_cache
@require_http_methods(METHODS)
def order_new(request: HttpRequest) -> HttpResponse:
    """*Pyydä kokemusasiantuntijaa*: a member's order goes on at once, another's is reviewed first."""
    directly = permissions.can_order(request.user)
    if not directly and not ActivitySettings.current().guests_may_order:
        return render(request, "experts/order_closed.html", status=403)
    form = form_of(request, directly)
    if form.is_valid():
        return form.once(lambda: placed(request, form, directly))
    context = {"form": form, "directly": directly, "rows": form.fee_model.rows.all() if form.fee_model else []}
    return render(request, "experts/order_new.html", context)


def form_of(request: HttpRequest, directly: bool) -> Any:
    """With what the page that led here tells: ?asiantuntija=, ?palvelu=, ?aihe=, ?teema=, ?tapaaminen=, ?kohta=."""
    data, user = request.POST or None, request.user
    visible = ExpertProfile.objects.visible_to(user).taking_requests()
    initial: dict[str, Any] = {
        "wished": visible.filter(slug=request.GET.get("asiantuntija", "")).first(),
        "service": Service.objects.published().filter(slug=request.GET.get("palvelu", "")).first(),
        "topic": request.GET.get("aihe", "")[:200],
        "themes": ExpertTheme.objects.filter(in_use=True, code=request.GET.get("teema", "")),
        **starting.from_meeting(user, request.GET),
    }
    if isinstance(user, User):
        initial["contact_phone"] = user.phone
        if directly:
            return OrderForm(data, user=user, initial=initial)
        initial |= {"contact_name": user.name, "contact_email": user.email}
    return GuestOrderForm(data, user=user, request=request, initial=initial)


def placed(request: HttpRequest, form: Any, directly: bool) -> str:
    """The address to go to."""
    by = request.user if isinstance(request.user, User) else None
    order: Order = form.instance
    orders.place(order, wishes=form.wishes(), themes=form.cleaned_data["themes"], by=by, review=not directly)
    if by is None:
        return reverse("experts:order_sent")
    messages.success(request, _("Your order has arrived. You hear from us by e-mail."))
    return order.get_absolute_url()


@login_not_required
@require_safe
def order_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "experts/order_sent.html")


# Lists --------------------------------------------------------------------------------------------------------------


@never_cache
@require_safe
def order_list(request: HttpRequest) -> HttpResponse:
    """What waits for my answer, what I have ordered, and for a coordinator of expert activity all orders.

    Kept for its reader until anything of orders changes.
    """
    user = signed_in(request)
    asked = [request.GET.get(name, "")[:20] for name in ("omat", "page", "tila")]
    lists = Parts().made(
        lambda: render_to_string("experts/_order_lists.html", lists_of(request, user), request),
        "orders", user.pk, user.is_expert_coordinator, *asked,
    )  # fmt: skip
    return render(request, "experts/order_list.html", {"lists": lists})


def lists_of(request: HttpRequest, user: User) -> dict[str, Any]:
    own = in_rows(Order.objects.filter(ordered_by=user))
    context: dict[str, Any] = {
        "own": Paginator(own, PAGE_SIZE).get_page(request.GET.get("omat")),
        "is_expert": ExpertProfile.objects.filter(person=user).exists(),
    }
    if context["is_expert"]:
        context |= asked_of(user)
    if user.is_expert_coordinator:
        state = request.GET.get("tila", "")
        every = in_rows(Order.objects.filter(status=state) if state in Order.Status.values else Order.objects.all())
        context |= {"every": Paginator(every, PAGE_SIZE).get_page(request.GET.get("page")), "states": Order.Status.choices, "state": state}  # fmt: skip
    return context


def in_rows(orders: QuerySet[Order]) -> QuerySet[Order]:
    """With what a row of the list tells, and no more."""
    return orders.select_related(*ROW_PARTS).only(*ROW).prefetch_related("sessions")


def asked_of(expert: User) -> dict[str, Any]:
    """What she has been asked: to be answered, to come, and before."""
    offers = Offer.objects.filter(profile__person=expert).select_related(*(f"order__{part}" for part in ROW_PARTS))
    offers = offers.only("status", *(f"order__{field}" for field in ROW)).prefetch_related("order__sessions")
    current = Q(status__in=Offer.UNANSWERED) | Q(status=Offer.Status.ACCEPTED, order__status__in=Order.UNDER_WAY)
    now = list(offers.filter(current))
    return {
        "to_answer": [one for one in now if one.status == Offer.Status.OFFERED],
        "coming": [one for one in now if one.status != Offer.Status.OFFERED],
        "asked_before": offers.exclude(status__in=Offer.UNANSWERED).order_by("-offered_at")[:PAGE_SIZE],
    }


# The order's page ---------------------------------------------------------------------------------------------------


@never_cache
@require_safe
def order_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, party_of(request.user, pk))


@never_cache
@require_POST
def order_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    return act(request, party_of(request.user, pk), verb)


@login_not_required
@open_form
@never_cache
@require_http_methods(METHODS)
def order_by_link(request: HttpRequest, token: str, verb: str = "") -> HttpResponse:
    """The orderer's side without signing in. Opening it changes nothing."""
    party = party_by_link(token, request.user)
    if request.method == "POST":
        return act(request, party, verb)
    return page(request, party) if not verb else redirect(party.url())


def act(request: HttpRequest, party: Party, name: str) -> HttpResponse:
    """Do what was pressed. Of what somebody else was faster in, the page tells; a wrong field comes back as typed."""
    if name not in VERBS:
        raise Http404
    verb = VERBS[name]
    form = verb.form(party, request.POST)
    if not form.is_valid():
        return page(request, party, {name: form})
    try:
        said = verb.do(party, form)
    except InvalidTransition as refusal:
        messages.error(request, " ".join(refusal.messages))
    except ValidationError as refusal:
        if not hasattr(form, "add_error"):
            messages.error(request, " ".join(refusal.messages))
            return redirect(party.url())
        form.add_error(None, refusal.messages)
        party.order.refresh_from_db()
        return page(request, fresh(party), {name: form})
    else:
        messages.success(request, said)
    return redirect(party.url())


def fresh(party: Party) -> Party:
    if party.token:
        return party_by_link(party.token, party.user)
    return party_of(party.user, party.order.pk)


def page(request: HttpRequest, party: Party, bound: dict[str, Any] | None = None) -> HttpResponse:
    """`bound`: the form that came back, by its verb."""
    may, order = offered(party), party.order
    forms = {name: VERBS[name].form(party, None) for name in may - BESIDE_A_REQUEST}
    forms |= {name: form for name, form in (bound or {}).items() if name not in BESIDE_A_REQUEST}
    wrong = next(iter((bound or {}).values()), None)
    rows = [OfferRow(party, offer, may, bound or {}) for offer in party.offers()]
    context = {
        "party": party,
        "order": order,
        "may": may,
        "forms": {name.replace("-", "_"): form for name, form in forms.items()},
        "wrong": wrong if hasattr(wrong, "errors") else None,
        "offers": [row for row in rows if party.manages or row.is_own],
        "letters": party.messages(),
        "orderer_name": order.orderer_name or _("the orderer"),
        "given": order.feedback.all() if party.is_coordinator else [],
        "agenda_item": starting.item_for(request.user, order),
        "row": fees.fee_row(order.fee_model, order.task_type, order.minutes),
    }
    return render(request, "experts/order_detail.html", context)


BESIDE_A_REQUEST = {"hyvaksy", "ehdota-aikaa", "kieltaydy", "vetaydy", "ota-aika", "ehdota-muuta"}


class OfferRow:
    """A request as the reader may know it, with the forms for answering it. Those that came back stand at their own."""

    def __init__(self, party: Party, offer: Offer, may: set[str], bound: dict[str, Any]) -> None:
        self.offer, self.name, self.is_own = offer, party.name_of(offer), offer is party.offer
        self.proposals = list(offer.proposals.all())
        newest = max((one.round for one in self.proposals), default=0)
        self.newest = [one for one in self.proposals if one.round == newest]
        self.fee = getattr(offer, "fee", None)
        self.may = verbs_at(party, offer, may)
        self.forms: dict[str, Any] = {}
        for name in self.may - {"vetaydy", "ota-aika"}:
            came_back = bound.get(name)
            if came_back is not None and came_back.data.get("offer") == str(offer.pk):
                form = came_back
            else:
                form = (
                    VERBS[name].form(party, None)
                    if self.is_own or name == "ehdota-muuta"
                    else for_her(name, party, offer)
                )
            form.auto_id = f"id_{offer.pk}_%s"
            self.forms[name.replace("-", "_")] = form


def for_her(name: str, party: Party, offer: Offer) -> Any:
    """The form of an answer that a coordinator gives for the expert."""
    return VERBS[name].form(replace(party, offer=offer), None)


def verbs_at(party: Party, offer: Offer, may: set[str]) -> set[str]:
    """What the reader may do with this request: her own, or for a coordinator anybody's."""
    found = set()
    if offer is party.offer or party.is_coordinator:
        found |= offered(replace(party, offer=offer)) & {"hyvaksy", "ehdota-aikaa", "kieltaydy", "vetaydy"}
    if offer.status == Offer.Status.COUNTERED:
        found |= may & {"ota-aika", "ehdota-muuta"}
    return found


# The operating guide ------------------------------------------------------------------------------------------------


@login_not_required
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """The guide and the fee model in force: what orderers accept."""
    from .models import FeeModelVersion, GuideVersion

    model = FeeModelVersion.objects.in_force()
    context = {"guide": GuideVersion.objects.in_force(), "fee_model": model, "rows": model.rows.all() if model else []}
    return render(request, "experts/guide.html", context)
