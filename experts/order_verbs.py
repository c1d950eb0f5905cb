"""What may be done on an order's page: for each verb who may, its form, and the one method that it calls."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from . import answers, emails, endings, matching, orders
from .answers import Time
from .models import CounterProposal, Offer, Order
from .order_forms import (
    AcceptForm,
    AskForm,
    CounterBackForm,
    CounterForm,
    DeclineForm,
    FeedbackForm,
    MessageForm,
    ReasonForm,
    TermsForm,
)
from .parties import Party

Data = Any


class Verb(NamedTuple):
    """`form(party, data)` makes the form (data is None on the page), `do(party, form)` does it and tells what to say."""

    form: Callable[[Party, Data], Any]
    do: Callable[[Party, Any], str]


VERBS: dict[str, Verb] = {}


def verb(
    name: str, form: Callable[[Party, Data], Any]
) -> Callable[[Callable[[Party, Any], str]], Callable[[Party, Any], str]]:
    def decorate(do: Callable[[Party, Any], str]) -> Callable[[Party, Any], str]:
        VERBS[name] = Verb(form, do)
        return do

    return decorate


class Button:
    """A form of nothing but its button."""

    def __init__(self, data: Data) -> None:
        self.data = data or {}
        self.is_bound = data is not None

    def is_valid(self) -> bool:
        return self.is_bound


def button(party: Party, data: Data) -> Button:
    return Button(data)


def words(times: list[Time]) -> str:
    return "; ".join(emails.span(*time) for time in times)


def named(data: Data) -> str:
    return str((data or {}).get("offer", ""))


def must(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


# The expert, or a coordinator for her -------------------------------------------------------------------------------


def accept_form(party: Party, data: Data) -> AcceptForm:
    offer = party.offer_to_answer(named(data))
    return AcceptForm(data, alternatives=answers.alternatives(offer), words=words, prefix="accept", initial={"travel_minutes": offer.travel_minutes})  # fmt: skip


def counter_form(party: Party, data: Data) -> CounterForm:
    party.offer_to_answer(named(data))
    order = party.order
    return CounterForm(data, several=order.times_are_sessions, prefix="counter", initial={"minutes": order.minutes})


def reason_form(party: Party, data: Data) -> ReasonForm:
    return ReasonForm(data, prefix="reason")


def decline_form(party: Party, data: Data) -> DeclineForm:
    return DeclineForm(data, prefix="reason")


def for_her(party: Party, offer: Offer) -> bool:
    return party.offer is not offer


@verb("hyvaksy", accept_form)
def accept(party: Party, form: AcceptForm) -> str:
    offer = party.offer_to_answer(named(form.data))
    answers.accept(offer, form.chosen, by=party.person, for_her=for_her(party, offer), **form.conditions())
    return _("Agreed. The orderer hears of it, and the calendar entry is in your mail.")


@verb("ehdota-aikaa", counter_form)
def counter(party: Party, form: CounterForm) -> str:
    offer = party.offer_to_answer(named(form.data))
    answers.counter(offer, form.times, by=party.person, for_her=for_her(party, offer), **form.conditions())
    return _("Your proposal has been sent to the orderer.")


@verb("kieltaydy", decline_form)
def decline(party: Party, form: DeclineForm) -> str:
    offer = party.offer_to_answer(named(form.data))
    why = {name: form.cleaned_data[name] for name in ("because", "reason")}
    answers.decline(offer, by=party.person, for_her=for_her(party, offer), **why)
    return _("You have declined. Thank you for answering.")


@verb("vetaydy", button)
def withdraw(party: Party, form: Button) -> str:
    offer = party.offer_to_answer(named(form.data))
    answers.withdraw(offer, by=party.person, for_her=for_her(party, offer))
    return _("You have withdrawn. A stand-in is looked for.")


# The orderer, or a coordinator --------------------------------------------------------------------------------------


def counter_back_form(party: Party, data: Data) -> CounterBackForm:
    must(party.manages)
    order = party.order
    return CounterBackForm(data, several=order.times_are_sessions, prefix="back", initial={"minutes": order.minutes})


@verb("ota-aika", button)
def take(party: Party, form: Button) -> str:
    must(party.manages)
    offer = party.offer_named(named(form.data))
    chosen: list[CounterProposal] = [one for one in offer.proposals.all() if str(one.pk) == form.data.get("time")]
    answers.take(offer, chosen, by=party.person)
    return _("Agreed. The expert hears of it, and the calendar entry is in your mail.")


@verb("ehdota-muuta", counter_back_form)
def counter_back(party: Party, form: CounterBackForm) -> str:
    answers.counter_back(party.offer_named(named(form.data)), form.times, by=party.person)
    return _("Your proposal has been sent to the expert.")


def terms_form(party: Party, data: Data) -> TermsForm:
    must(party.manages)
    fresh = Order.objects.get(pk=party.order.pk) if data is not None else party.order
    return TermsForm(data, instance=fresh, prefix="terms")


@verb("ehdot", terms_form)
def terms(party: Party, form: TermsForm) -> str:
    orders.change_terms(party.order, by=party.person, **form.terms())
    return _("Saved.")


@verb("peru", reason_form)
def cancel(party: Party, form: ReasonForm) -> str:
    must(party.manages)
    orders.cancel(party.order, by=party.person, side=party.side, reason=form.cleaned_data["reason"])
    return _("The order has been cancelled. Those whom it concerns hear of it.")


@verb("yksi-riittaa", button)
def settle(party: Party, form: Button) -> str:
    must(party.manages)
    orders.settle_for_one(party.order, by=party.person)
    return _("Agreed with one expert.")


@verb("pidetty", button)
def done(party: Party, form: Button) -> str:
    must(party.manages or party.offer is not None)
    if not party.manages:
        must(party.offer is not None and party.offer.status == Offer.Status.ACCEPTED)
    endings.done(party.order, by=party.person)
    return _("Thank you. Tell next how it went.")


@verb("ei-pidetty", reason_form)
def not_held(party: Party, form: ReasonForm) -> str:
    must(party.manages)
    endings.not_held(party.order, by=party.person, reason=form.cleaned_data["reason"])
    return _("Marked as not held.")


# A coordinator of expert activity -----------------------------------------------------------------------------------


def ask_form(party: Party, data: Data) -> AskForm:
    must(party.is_coordinator)
    everybody = matching.with_load(matching.available(party.order))
    return AskForm(data, profiles=everybody, prefix="ask")


@verb("tarkista", button)
def approve(party: Party, form: Button) -> str:
    must(party.is_coordinator and party.person is not None)
    assert party.person is not None  # noqa: S101  a coordinator is signed in
    orders.approve(party.order, by=party.person)
    return _("The order goes on.")


@verb("kysy", ask_form)
def ask(party: Party, form: AskForm) -> str:
    number = orders.ask(party.order, list(form.cleaned_data["profiles"]), by=party.person)
    return _("Experts asked: %(number)d.") % {"number": number}


# Everybody who has a part -------------------------------------------------------------------------------------------


def message_form(party: Party, data: Data) -> MessageForm:
    return MessageForm(data, prefix="message")


@verb("viesti", message_form)
def write(party: Party, form: MessageForm) -> str:
    body = getattr(form, "cleaned_data", {}).get("body", "")  # none was read when the form had been sent already
    side, offer = party.side, None
    if named(form.data) and party.manages:
        offer = party.offer_named(named(form.data))
    elif not party.manages:
        must(party.offer is not None)
        side, offer = Order.Party.EXPERT, party.offer
    form.once(lambda: sent(party, side, offer, body))
    return _("Your message has been sent.")


def sent(party: Party, side: str, offer: Offer | None, body: str) -> str:
    orders.write(party.order, side=side, by=party.person, body=body, offer=offer)
    return party.url()


def feedback_form(party: Party, data: Data) -> FeedbackForm:
    return FeedbackForm(data, prefix="feedback")


@verb("palaute", feedback_form)
def feedback(party: Party, form: FeedbackForm) -> str:
    side, offer = Order.Party.ORDERER, None
    if not party.is_orderer:
        must(party.offer is not None and party.offer.status == Offer.Status.ACCEPTED)
        side, offer = Order.Party.EXPERT, party.offer
    fields = {name: form.cleaned_data[name] for name in ("went", "again", "comment", "may_quote", "quoted_as")}
    endings.give_feedback(party.order, side=side, offer=offer, **fields)
    return _("Thank you. What you told helps the activity.")


# What the page offers -----------------------------------------------------------------------------------------------


def offered(party: Party) -> set[str]:
    """The verbs that the reader may use now. Whether they still succeed, the moment of pressing decides."""
    order, found = party.order, set()
    begun = any(session.starts_at <= timezone.now() for session in order.sessions.all())
    over = bool(order.sessions.all()) and all(session.ends_at <= timezone.now() for session in order.sessions.all())
    if offer := party.offer:
        if offer.status == Offer.Status.OFFERED:
            found |= {"hyvaksy", "kieltaydy"} if answers.alternatives(offer) else {"kieltaydy"}
            found |= set() if answers.is_fixed(order) else {"ehdota-aikaa"}
        elif offer.status == Offer.Status.COUNTERED:
            found.add("kieltaydy")
        elif offer.status == Offer.Status.ACCEPTED and not begun and not order.is_over:
            found.add("vetaydy")
    if party.manages and not order.is_over:
        found.add("peru")
        if order.status != Order.Status.ACCEPTED and not answers.is_fixed(order):
            found |= {"ehdot", "ota-aika", "ehdota-muuta"}
        elif order.status != Order.Status.ACCEPTED:
            found.add("yksi-riittaa")
    if order.status == Order.Status.ACCEPTED and over and (party.manages or party.offer):
        found.add("pidetty")
    if party.manages and ((order.status == Order.Status.ACCEPTED and begun) or order.status == Order.Status.DONE):
        found |= {"ei-pidetty"} if not order.feedback.exists() else set()
    if party.is_coordinator:
        found |= {"tarkista"} if order.status == Order.Status.REVIEW else set()
        found |= {"kysy"} if order.status in (Order.Status.OPEN, Order.Status.OFFERED) else set()
    if order.anonymised_at is None:
        found.add("viesti")
    if order.status == Order.Status.DONE and may_give_feedback(party):
        found.add("palaute")
    return found


def may_give_feedback(party: Party) -> bool:
    """Each side once: the orderer, and each expert who came."""
    given = {row.offer_id for row in party.order.feedback.all()}
    if party.is_orderer:
        return None not in given
    offer = party.offer
    return offer is not None and offer.status == Offer.Status.ACCEPTED and offer.pk not in given
