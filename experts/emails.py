"""The mails about orders, one function each. They tell that something happened and where it stands.

What people have written – the topic, messages, reasons – stays on the order's page. Of the other side a mail holds no
address; the place and whom to meet stand in the reminder of the day before. All are of one shape: a subject, some
sentences, a button (templates/emails/experts/note.*).
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from network import mail
from network.emails import link
from network.models import StatusEvent, User

from . import calendars
from .links import personal_link
from .models import Offer, Order, OrderMessage, OrderSession

Words = str | Promise

ORDERED = _("You get this because you have ordered an experience expert.")
EXPERT = _("You get this because you are an experience expert of the network.")
COORDINATES = _("You get this because you coordinate expert activity.")


# To whom ------------------------------------------------------------------------------------------------------------


def note(
    to: User | str,
    event: str,
    *,
    subject: Words,
    lines: Sequence[Words],
    url: str,
    button: Words,
    why: Words,
    version: int = 1,
    language: str = "",
    calendar: str = "",
) -> None:
    mail.send(
        "experts/note",
        to=to,
        event=event,
        version=version,
        why=why,
        language=language,
        calendar=calendar,
        context={"told": subject, "lines": lines, "url": url, "button": button},
    )


def to_orderer(
    order: Order,
    event: str,
    *,
    subject: Words,
    lines: Sequence[Words],
    version: int = 1,
    method: str = "",
    sessions: Sequence[OrderSession] = (),
) -> None:
    """To the orderer, and to the colleague or guest whose order it is by the personal link."""
    look = _("Open the order")
    if order.ordered_by and order.ordered_by.is_active:
        url = order_url(order, order.ordered_by)
        file = calendars.entry(order, method, sessions, url=url) if method else ""
        note(order.ordered_by, event, subject=subject, lines=lines, url=url, button=look, why=ORDERED, version=version, calendar=file)  # fmt: skip
    if order.contact_email:
        file = calendars.entry(order, method, sessions) if method else ""
        note(
            order.contact_email, event, subject=subject, lines=lines, url=personal_link(order), button=look, why=ORDERED,
            version=version, language=order.contact_language, calendar=file,
        )  # fmt: skip


def to_expert(
    offer: Offer,
    event: str,
    *,
    subject: Words,
    lines: Sequence[Words],
    version: int = 1,
    method: str = "",
    sessions: Sequence[OrderSession] = (),
) -> None:
    """To the expert; for one without an account to those who answer for her."""
    if offer.profile is None:
        return
    order, person = offer.order, offer.profile.person
    if person is None:
        for_her = format_lazy(_("This concerns {name}, whom you answer for."), name=offer.profile.shown_name)
        for one in User.objects.expert_coordinators():
            note(one, event, subject=subject, lines=[for_her, *lines], url=order_url(order, one), button=_("Open the order"), why=COORDINATES, version=version)  # fmt: skip
        return
    if not person.is_active:
        return
    url = order_url(order, person)
    file = calendars.entry(order, method, sessions, url=url) if method else ""
    note(person, event, subject=subject, lines=lines, url=url, button=_("Open the order"), why=EXPERT, version=version, calendar=file)  # fmt: skip


def to_coordinators(order: Order, event: str, *, subject: Words, lines: Sequence[Words], version: int = 1) -> None:
    """To those of expert activity. Where nobody has that right, the network's coordinators hear that somebody needs it."""
    people = list(User.objects.expert_coordinators())
    for person in people:
        note(person, event, subject=subject, lines=lines, url=order_url(order, person), button=_("Open the order"), why=COORDINATES, version=version)  # fmt: skip
    if not people:
        nobody = _("Nobody coordinates expert activity. Give somebody that right, so that the order is seen to.")
        for person in User.objects.coordinators():
            url = link("own_pages", language=person.language)
            note(person, event, subject=subject, lines=[nobody], url=url, button=_("Open your own pages"), why=_("You get this because you coordinate the network."), version=version)  # fmt: skip


def order_url(order: Order, reader: User) -> str:
    return link("experts:order_detail", order.pk, language=reader.language)


def times_of(thing: Order | Offer) -> int:
    """How many things have happened to it: a mail about the newest has this version."""
    return StatusEvent.objects.of(thing).count()


def when(sessions: Iterable[OrderSession]) -> str:
    """“12.3.2027 klo 10.00–11.00; 14.3.2027 …”, in figures only, so that it is right in every language."""
    return "; ".join(span(session.starts_at, session.ends_at) for session in sessions)


def span(starts_at: dt.datetime, ends_at: dt.datetime) -> str:
    first, last = timezone.localtime(starts_at), timezone.localtime(ends_at)
    return f"{first.day}.{first.month}.{first.year} {first:%H.%M}–{last:%H.%M}"


# Asking -------------------------------------------------------------------------------------------------------------


def order_placed(order: Order) -> None:
    """To the orderer: it has arrived, and what happens next."""
    if order.status == Order.Status.REVIEW:
        lines = [
            _("Thank you. Your request for an experience expert has arrived."),
            _("The coordinator of expert activity looks at it first. You hear from us when experts are asked."),
            _("This link is your own: by it you see the order, answer and cancel. Keep it to yourself."),
        ]
    else:
        lines = [_("Thank you. Your order of an experience expert has arrived.")]
        lines.append(_("You hear from us when an expert answers."))
    to_orderer(order, f"order-placed:{order.pk}", subject=_("Your order has arrived"), lines=lines)


def order_waits(order: Order) -> None:
    """To coordinators of expert activity: to be reviewed, or somebody is to be chosen or found."""
    subject: Words = _("An order waits: choose whom to ask")
    if order.status == Order.Status.REVIEW:
        subject = _("A guest's order waits for review")
    elif order.offers.filter(status=Offer.Status.WITHDRAWN).exists():
        subject = _("A stand-in is looked for")
    lines = [format_lazy(_("Ordered by: {body}"), body=order.body_name or "–")]
    to_coordinators(order, f"order-waits:{order.pk}", subject=subject, lines=lines, version=times_of(order))


def order_approved(order: Order) -> None:
    lines = [_("Your order has been looked at. Experts are asked next.")]
    to_orderer(order, f"order-approved:{order.pk}", subject=_("Your order goes on"), lines=lines)


def asked(offer: Offer) -> None:
    lines = [
        format_lazy(_("{body} asks for an experience expert."), body=offer.order.body_name or "–"),
        _("On the page you see what it is about, when and where, and what is paid."),
        _("You can accept, propose another time, or decline. You need not tell why."),
    ]
    to_expert(
        offer, f"offer-asked:{offer.pk}", subject=_("You are asked for a task"), lines=lines, version=times_of(offer)
    )


def terms_changed(offer: Offer) -> None:
    lines = [_("Fee, travel, meals, payer or place were changed in a request that waits for your answer.")]
    version = times_of(offer.order)
    to_expert(offer, f"offer-terms:{offer.pk}", subject=_("A request was changed"), lines=lines, version=version)


def answer_overdue(offer: Offer) -> None:
    """Whose turn it is: the expert's, or the orderer's when another time was proposed."""
    lines = [_("An answer is waited for. If it does not suit, say so: then somebody else can be asked.")]
    subject = _("A request waits for your answer")
    event, version = f"offer-reminder:{offer.pk}", times_of(offer)
    if offer.status == Offer.Status.OFFERED:
        to_expert(offer, event, subject=subject, lines=lines, version=version)
    else:
        to_orderer(offer.order, event, subject=subject, lines=lines, version=version)


def answer_missing(offer: Offer) -> None:
    lines = [_("A request has waited for an answer for days, and a reminder has not helped.")]
    to_coordinators(
        offer.order, f"offer-missing:{offer.pk}", subject=_("An order is not answered"), lines=lines, version=times_of(offer)
    )  # fmt: skip


# Answers ------------------------------------------------------------------------------------------------------------


def countered(offer: Offer) -> None:
    lines = [_("An experience expert would come at another time. Take it, or propose other times.")]
    subject = _("Another time is proposed")
    to_orderer(offer.order, f"offer-countered:{offer.pk}", subject=subject, lines=lines, version=times_of(offer))


def countered_back(offer: Offer) -> None:
    lines = [_("The orderer proposes other times.")]
    subject = _("Another time is proposed")
    to_expert(offer, f"offer-countered-back:{offer.pk}", subject=subject, lines=lines, version=times_of(offer))


def declined(offer: Offer) -> None:
    lines: list[Words] = [_("An expert who was asked cannot take the task.")]
    if offer.reason or offer.because:
        lines.append(_("The expert told why: you can read it on the order's page."))
    to_orderer(offer.order, f"offer-declined:{offer.pk}", subject=_("An expert has declined"), lines=lines)


def nobody_could(order: Order) -> None:
    lines = [
        _("Nobody of those who were asked can come, so the order has ended. You may order again with other times.")
    ]
    event, sessions = f"order-nobody:{order.pk}", list(order.sessions.all())  # of an expert who has withdrawn
    method = calendars.CANCEL if sessions else ""
    to_orderer(order, event, subject=_("Nobody could take the task"), lines=lines, method=method, sessions=sessions)


def let_go(offer: Offer) -> None:
    lines = [_("You need not answer the request any more: somebody else took the task, or it was cancelled.")]
    to_expert(offer, f"offer-let-go:{offer.pk}", subject=_("A request has ended"), lines=lines, version=times_of(offer))


def first_of_two(offer: Offer) -> None:
    """One of the pair has accepted: both sides have the time in the calendar, the second is still waited for."""
    order, sessions = offer.order, list(offer.order.sessions.all())
    lines = [format_lazy(_("The time is {when}."), when=when(sessions)), _("The second expert is still waited for.")]
    event = f"offer-first:{offer.pk}"
    subject, version = _("The first of two experts has accepted"), times_of(offer)
    to_orderer(order, event, subject=subject, lines=lines, version=version, method=calendars.REQUEST, sessions=sessions)
    to_expert(offer, event, subject=_("The task is yours"), lines=lines, version=version, method=calendars.REQUEST, sessions=sessions)  # fmt: skip


def order_agreed(order: Order) -> None:
    """To both sides, with the calendar entry."""
    sessions, version = list(order.sessions.all()), times_of(order)
    at = format_lazy(_("The time is {when}."), when=when(sessions))
    event = f"order-agreed:{order.pk}"
    lines = [
        at,
        _("Fee, travel, meals and payer are agreed as told on the order's page."),
        _("Read the briefing there."),
    ]
    to_orderer(order, event, subject=_("An experience expert is coming"), lines=lines, version=version, method=calendars.REQUEST, sessions=sessions)  # fmt: skip
    for offer in order.accepted():
        to_expert(offer, event, subject=_("The task is yours"), lines=lines, version=version, method=calendars.REQUEST, sessions=sessions)  # fmt: skip


def withdrawn(offer: Offer) -> None:
    """The expert's calendar loses it; the orderer keeps the time, for a stand-in is looked for."""
    order, sessions, version = offer.order, list(offer.order.sessions.all()), times_of(offer)
    event = f"offer-withdrawn:{offer.pk}"
    lines = [_("The expert cannot come after all. A stand-in is looked for at the same time. You hear from us.")]
    to_orderer(order, event, subject=_("The expert cannot come"), lines=lines, version=version)
    own = [_("You have withdrawn from the task. You need not tell why.")]
    to_expert(offer, event, subject=_("You have withdrawn"), lines=own, version=version, method=calendars.CANCEL, sessions=sessions)  # fmt: skip


def sessions_dropped(order: Order, sessions: Sequence[OrderSession]) -> None:
    """Fewer times were agreed with a stand-in: the orderer's calendar loses the rest. The first expert's has lost all."""
    lines = [format_lazy(_("The time is no longer needed: {when}."), when=when(sessions))]
    event, subject = f"order-dropped:{order.pk}", _("A time was left out")
    to_orderer(order, event, subject=subject, lines=lines, version=times_of(order), method=calendars.CANCEL, sessions=sessions)  # fmt: skip


def order_cancelled(order: Order, accepted: Sequence[Offer]) -> None:
    """To the orderer and to who had accepted; the calendars of all lose it. An orderer keeps the time of an expert who
    has withdrawn, so it is called off there, too."""
    sessions = list(order.sessions.all())
    method = calendars.CANCEL if sessions else ""
    event = f"order-cancelled:{order.pk}"
    lines: list[Words] = [_("The order has been cancelled.")]
    if sessions:
        lines.append(format_lazy(_("The time would have been {when}."), when=when(sessions)))
    to_orderer(order, event, subject=_("The order has been cancelled"), lines=lines, method=method, sessions=sessions)
    for offer in accepted:
        to_expert(offer, event, subject=_("The task has been cancelled"), lines=lines, method=method, sessions=sessions)


# Before and after ---------------------------------------------------------------------------------------------------


def day_before(session: OrderSession) -> None:
    """To both sides: when, where, whom to meet and ask for."""
    order = session.order
    lines: list[Words] = [format_lazy(_("Tomorrow: {when}."), when=span(session.starts_at, session.ends_at))]
    if place := calendars.where(order):
        lines.append(format_lazy(_("Place: {place}."), place=place))
    if order.met_by:
        lines.append(format_lazy(_("At the door: {name}."), name=order.met_by))
    contact = ", ".join(part for part in (order.orderer_name, order.contact_phone) if part)
    if contact:
        lines.append(format_lazy(_("Contact: {contact}."), contact=contact))
    if order.accessibility:
        lines.append(format_lazy(_("Accessibility: {words}."), words=order.accessibility))
    event, subject = f"session-reminder:{session.pk}", _("The task is tomorrow")
    to_orderer(order, event, subject=subject, lines=lines, version=order.version)
    for offer in order.accepted():
        to_expert(offer, event, subject=subject, lines=lines, version=order.version)


def not_held(order: Order) -> None:
    """To both sides. Sessions that were still to come leave the calendars."""
    lines = [_("The task was marked as not held. If that is wrong, write a message on the order's page.")]
    event, subject = f"order-not-held:{order.pk}", _("The task was not held")
    left = list(order.sessions.filter(starts_at__gt=timezone.now()))
    method = calendars.CANCEL if left else ""
    to_orderer(order, event, subject=subject, lines=lines, method=method, sessions=left)
    for offer in order.accepted():
        to_expert(offer, event, subject=subject, lines=lines, method=method, sessions=left)


def how_did_it_go(order: Order) -> None:
    lines = [_("Two questions and room for your own words. It takes a minute, and helps the activity.")]
    event, subject = f"order-feedback:{order.pk}", _("How did it go?")
    to_orderer(order, event, subject=subject, lines=lines)
    for offer in order.accepted():
        to_expert(offer, event, subject=subject, lines=lines)


def message_came(message: OrderMessage) -> None:
    """To the other side: there is a message. Not what it says."""
    order, event = message.order, f"order-message:{message.pk}"
    lines, subject = [_("You have a message on the order's page. Answer it there.")], _("You have a message")
    if message.side != Order.Party.ORDERER:
        to_orderer(order, event, subject=subject, lines=lines)
    if message.offer and message.side != Order.Party.EXPERT:
        to_expert(message.offer, event, subject=subject, lines=lines)
    if message.offer is None and message.side != Order.Party.COORDINATOR:
        to_coordinators(order, event, subject=subject, lines=lines)
