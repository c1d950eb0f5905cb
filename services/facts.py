"""The access facts: what decides whether a person dares and is able to come. Each is yes, no or not known."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise


class AccessFact(NamedTuple):
    """`code` is that of the exchange format; `yes`/`no` say the fact, `name` names what is not known."""

    code: str
    field: str
    yes: StrOrPromise
    no: StrOrPromise
    name: StrOrPromise


ACCESS_FACTS = [
    AccessFact("no-referral", "no_referral", _("No referral needed"), _("A referral is needed"), _("whether a referral is needed")),
    AccessFact("no-appointment", "no_appointment", _("No appointment needed"), _("An appointment is needed"), _("whether an appointment is needed")),
    AccessFact("free", "free", _("Free of charge"), _("There is a charge"), _("what it costs")),
    AccessFact("anonymous", "anonymous", _("You may come anonymously"), _("Not anonymously"), _("whether one may come anonymously")),
    AccessFact("intoxicated-ok", "intoxicated_ok", _("You may come intoxicated"), _("Not when intoxicated"), _("whether one may come intoxicated")),
    AccessFact(
        "no-diagnosis-excluded", "no_diagnosis_excluded", _("No diagnosis keeps you out"), _("Some diagnoses keep people out"),
        _("whether a diagnosis may keep someone out"),
    ),
]  # fmt: skip

# One chip over two facts.
LOW_THRESHOLD = ("no-referral", "no-appointment")
