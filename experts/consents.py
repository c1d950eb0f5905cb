"""An expert's consents: their words, and giving and withdrawing them. How far a profile is shown follows from them.

The rows are only added. A change of the words is a new version: what was agreed to stays as it stood.
"""

import datetime as dt
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from network.models import User
from network.transitions import InvalidTransition

from . import answers
from .models import Consent, ExpertProfile, Offer, Order, ProfileView

VERSION = 1
Scope, ShownTo = Consent.Scope, ExpertProfile.ShownTo

TEXTS = {
    Scope.KEEP: gettext_lazy(
        "I agree that the coordinators of expert activity keep my profile as an experience expert and see it, so that "
        "they can ask me for tasks. The profile may tell of my health. I can take this back whenever I want, without "
        "telling why: then the profile is erased."
    ),
    Scope.MEMBERS: gettext_lazy(
        "I agree that members of the network who have signed in see my profile. I can take this back whenever I want, "
        "and the profile is hidden at once."
    ),
    Scope.PUBLIC: gettext_lazy(
        "I agree that everybody on the internet sees my profile, also on the pages of others that show the list of "
        "public profiles. I can take this back whenever I want, and the portal hides the profile at once. Somebody may "
        "have copied it before that."
    ),
}
# Each step needs those before it.
STEPS = {ShownTo.COORDINATORS: Scope.KEEP, ShownTo.MEMBERS: Scope.MEMBERS, ShownTo.PUBLIC: Scope.PUBLIC}


class Paper(NamedTuple):
    """A consent on paper: when it was signed, and the words on it."""

    signed_on: dt.date
    text: str


def record(profile: ExpertProfile, scope: str, *, is_given: bool, paper: Paper | None = None) -> Consent:
    return Consent.objects.create(
        expert_key=profile.key, scope=scope, is_given=is_given, text=paper.text if paper else str(TEXTS[Scope(scope)]),
        version=VERSION, language=get_language() or "fi", how="paper" if paper else "self",
        signed_on=paper.signed_on if paper else None,
    )  # fmt: skip


@transaction.atomic
def begin(profile: ExpertProfile, *, paper: Paper | None = None) -> None:
    """The first consent, and the profile after it. Nothing of the profile is in the database before."""
    record(profile, Scope.KEEP, is_given=True, paper=paper)
    profile.save(force_insert=True)


@transaction.atomic
def show_to(profile: ExpertProfile, shown_to: str, *, paper: Paper | None = None) -> None:
    """One step wider, with the consent to it. InvalidTransition: it is no step further from where the profile is now."""
    before = {ShownTo.MEMBERS: ShownTo.COORDINATORS, ShownTo.PUBLIC: ShownTo.MEMBERS}.get(ShownTo(shown_to))
    locked = ExpertProfile.objects.select_for_update().get(pk=profile.pk)
    if before is None or locked.shown_to != before or locked.closed_at:
        raise InvalidTransition(_("The profile is not where this step starts from. Look at it again."))
    record(profile, STEPS[ShownTo(shown_to)], is_given=True, paper=paper)
    ExpertProfile.objects.filter(pk=profile.pk).update(shown_to=shown_to, updated_at=timezone.now())
    profile.refresh_from_db()


@transaction.atomic
def narrow_to(profile: ExpertProfile, shown_to: str) -> None:
    """Withdraw all consents that go further; nothing happens when none does."""
    locked = ExpertProfile.objects.select_for_update().get(pk=profile.pk)
    order = list(STEPS)
    kept = order.index(ShownTo(shown_to))
    if order.index(ShownTo(locked.shown_to)) > kept:
        ExpertProfile.objects.filter(pk=profile.pk).update(shown_to=shown_to, updated_at=timezone.now())
    given = Consent.objects.in_force(profile.key)
    for step in order[kept + 1 :]:
        if STEPS[step] in given:
            record(profile, STEPS[step], is_given=False)
    profile.refresh_from_db()


@transaction.atomic
def close(profile: ExpertProfile, *, by: User) -> None:
    """The first consent is withdrawn: the profile is erased.

    While she has agreed tasks that are not over, the shown name stays for their orderers, and nothing else.
    """
    narrow_to(profile, ShownTo.COORDINATORS)
    for offer in profile.offers.filter(status__in=Offer.UNANSWERED):
        answers.decline(offer, by=by)
    record(profile, Scope.KEEP, is_given=False)
    if not has_tasks(profile):
        profile.delete()
        return
    for rows in (profile.formats, profile.trainings, profile.away):
        rows.all().delete()
    ProfileView.objects.filter(profile=profile).delete()
    for words in (profile.themes, profile.task_types, profile.municipalities, profile.languages):
        words.clear()
    if picture := getattr(profile, "picture", None):
        picture.delete()
    ExpertProfile.objects.filter(pk=profile.pk).update(
        introduction="", speaks_of="", will_not_speak_of="", title="", is_paused=True, closed_at=timezone.now()
    )


def has_tasks(profile: ExpertProfile) -> bool:
    """Agreed on and not over."""
    return profile.offers.filter(status=Offer.Status.ACCEPTED, order__status__in=Order.UNDER_WAY).exists()


def erase_closed() -> int:
    """Every day: closed profiles whose tasks are over go. How many."""
    busy = Offer.objects.filter(status=Offer.Status.ACCEPTED, order__status__in=Order.UNDER_WAY, profile__isnull=False)
    gone = ExpertProfile.objects.filter(closed_at__isnull=False).exclude(pk__in=busy.values("profile"))
    count = gone.count()
    gone.delete()
    return count
