"""The one door that e-mail leaves by: `send` writes a row and its job, `deliver` is what the worker does with it.

The row and the job are written in the caller's transaction, so what is rolled back tells nobody of anything. A message
leaves at least once, always with the same Message-ID: when the worker dies after the mail server took the message and
before that was written down, it leaves again.
"""

import logging
import smtplib
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.db.models import F
from django.template import Context, Engine
from django.utils import timezone, translation
from django.utils.functional import Promise

from .models import Message, Network, User

MAX_ATTEMPTS = 12  # the last one comes about 16 hours after the first
CALENDAR_FILE = "tapaaminen.ics"
ORDINARY, IN_BULK = 0, -10  # a code for signing in does not wait behind two hundred bulletins

logger = logging.getLogger(__name__)


class NotSent(Exception):
    """The message is still to be sent. Its words hold no address: they end up in the log."""


def send(
    name: str,
    *,
    to: User | str,
    event: str,
    context: dict[str, Any] | None = None,
    version: int = 1,
    why: str | Promise,
    language: str = "",
    unsubscribe_url: str = "",
    calendar: str = "",
) -> Message | None:
    """Write one message row and defer its job, both in the caller's transaction.

    `name`: templates/emails/<name>.subject.txt, .txt and .html, such as "network/invitation". They get the context and
    `network`, `site_url`, `reader` (the person, or None), `why`, `unsubscribe_url`. No code or link in the subject: it
    is kept.
    `to`: a person (the language is theirs, the address is looked up now) or an address (language: given, else the
    network's first).
    `event`: what it tells of, such as "invitation:12". Returns None when this (event, recipient, version) was written
    already.
    `why`: one sentence, why this message came. `unsubscribe_url`: absolute; for subscriptions only.
    `calendar`: an iCalendar object with its METHOD. It goes along twice, as mail programs want it: as another form of
    the message, and as a file.
    """
    person = to if isinstance(to, User) else None
    address = person.email if person else User.objects.normalize_email(str(to))
    known = Message.objects.filter(event=event, address=address, version=version)
    if known.exists():
        return None
    message = Message(event=event, address=address, version=version, recipient=person, calendar=calendar)
    message.language = (language or (person.language if person else "") or settings.LANGUAGE_CODE)[:2]
    write(message, name, {**(context or {}), "reader": person, "why": why, "unsubscribe_url": unsubscribe_url})
    try:
        with transaction.atomic():
            message.save(force_insert=True)
            defer(message)
    except IntegrityError:
        if known.exists():  # somebody wrote it at the same moment
            return None
        raise
    return message


def write(message: Message, name: str, context: dict[str, Any]) -> None:
    """Fill in subject, bodies and headers, in the message's language."""
    with translation.override(message.language):
        context = {**context, "network": Network.current(), "site_url": settings.SITE_URL}
        context["why"] = str(context["why"])
        message.subject = " ".join(render(f"emails/{name}.subject.txt", context, autoescape=False).split())[:250]
        context["subject"] = message.subject
        message.text = render(f"emails/{name}.txt", context, autoescape=False).strip() + "\n"
        message.html = render(f"emails/{name}.html", context)
    message.headers = {"Auto-Submitted": "auto-generated", "Content-Language": message.language}
    if url := context["unsubscribe_url"]:
        message.headers |= {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def render(template: str, context: dict[str, Any], *, autoescape: bool = True) -> str:
    return Engine.get_default().get_template(template).render(Context(context, autoescape=autoescape))


def defer(message: Message) -> None:
    """The job holds the row's number and nothing else: jobs are kept, logged and shown."""
    from .tasks import send_message  # which imports this module

    priority = IN_BULK if "List-Unsubscribe" in message.headers else ORDINARY
    send_message.configure(priority=priority).defer(message=message.pk)


def deliver(pk: int) -> None:
    """Send the message unless it has left or was given up. Raises NotSent when it is to be tried again."""
    with transaction.atomic():
        if locked(pk) is None:
            return
        Message.objects.filter(pk=pk).update(attempts=F("attempts") + 1)  # counted even if this process dies now
    with transaction.atomic():
        if (message := locked(pk)) is None:
            return
        failure, hopeless = attempt(message)
        if not failure:
            close(message, sent_at=timezone.now())
        elif hopeless:
            close(message, failed_at=timezone.now())
        Message.objects.filter(pk=pk).update(failure=failure)
    if hopeless:
        logger.error("Message %s was given up: %s", pk, failure)
    elif failure:
        raise NotSent(failure)


def attempt(message: Message) -> tuple[str, bool]:
    """Hand the message to the mail server. What went wrong (empty: nothing), and whether to give up."""
    try:
        as_email(message).send()
    except Exception as error:
        return told(error), is_hopeless(error) or message.attempts >= MAX_ATTEMPTS
    return "", False


def locked(pk: int) -> Message | None:
    """The waiting message, held until the transaction ends; None when there is nothing to send any more.

    Raises NotSent when another worker holds it: that one may still fail.
    """
    waiting = Message.objects.waiting().filter(pk=pk)
    if message := waiting.select_for_update(skip_locked=True).first():
        return message
    if waiting.exists():
        raise NotSent("another worker has it")
    return None


def close(message: Message, **result: Any) -> None:
    """Write down what came of it, and empty what holds links and codes."""
    Message.objects.filter(pk=message.pk).update(text="", html="", calendar="", headers={}, **result)


def as_email(message: Message) -> EmailMultiAlternatives:
    network = Network.current()
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    email = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=formataddr((name or network.local("name", message.language).text, address)),
        to=[message.address],
        reply_to=[network.coordinator_email] if network.coordinator_email else [],
        headers={"Message-ID": message.message_id, **message.headers},
    )
    email.attach_alternative(message.html, "text/html")
    if message.calendar:
        email.attach_alternative(message.calendar, f"text/calendar; method={method_of(message.calendar)}")
        email.attach(
            CALENDAR_FILE, message.calendar.encode(), "application/ics"
        )  # text would go out in another encoding
    return email


def method_of(calendar: str) -> str:
    """REQUEST or CANCEL: what the calendar program is asked to do."""
    return next((line[7:].strip() for line in calendar.splitlines() if line.startswith("METHOD:")), "PUBLISH")


def is_hopeless(error: Exception) -> bool:
    """Whether the server said that this message, or its address, will never do."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _reason in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600


def told(error: Exception) -> str:
    """The kind of the error and the server's code, without its words: they repeat the address."""
    codes = {getattr(error, "smtp_code", None)}
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = {code for code, _reason in error.recipients.values()}
    return " ".join([type(error).__name__, *sorted(str(code) for code in codes if code)])


def resume() -> int:
    """Defer a job anew for each waiting message that has none, and tell how many there were."""
    count = 0
    for message in Message.objects.waiting().raw(WITHOUT_JOB):
        defer(message)
        count += 1
    return count


WITHOUT_JOB = """
    SELECT * FROM network_message message
    WHERE sent_at IS NULL AND failed_at IS NULL AND NOT EXISTS (
        SELECT FROM procrastinate_jobs job
        WHERE job.task_name = 'network.tasks.send_message' AND job.status IN ('todo', 'doing')
        AND (job.args ->> 'message')::bigint = message.id
    )
"""
