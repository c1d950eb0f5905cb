"""Guards on free text: no personal identity code may be written anywhere.

The rule stands in two places that a test holds together: here, for a clear answer at the field, and as the function
`holds_identity_code` in the database (migration `identity_codes`), for whoever else writes.
"""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

CLIENT_DATA_WARNING = _("Do not write a client's details.")
REFUSED = _(
    "Here is what looks like a personal identity code. Take it away: the portal keeps no details that tell of a client."
)

# A date, the sign of the century (2023: also Y X W V U and B C D E F), a number and a character that checks them.
# PostgreSQL reads the same pattern. Programs write a dash in many ways, and people put spaces around it.
PATTERN = (
    r"(?<![0-9])"
    r"((?:0[1-9]|1[0-9]|2[0-9])(?:0[1-9]|1[0-2])[0-9]{2}|30(?:0[13-9]|1[0-2])[0-9]{2}|31(?:0[13578]|1[02])[0-9]{2})"
    r" ?[-+‐‒–—−A-FU-Y] ?"
    r"([0-9]{3})"
    r"([0-9](?![0-9])|[A-FHJ-NPR-Y])"
)
CHECKING = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_identity_code = re.compile(PATTERN, re.IGNORECASE | re.ASCII)


def holds_identity_code(text: str) -> bool:
    """Whether a Finnish personal identity code stands anywhere in the text: its date and its check must be right."""
    return any(
        CHECKING[int(date + number) % 31] == check.upper()
        for date, number, check in _identity_code.findall(unicodedata.normalize("NFKC", text))
    )


def no_identity_code(value: Any) -> None:
    """Validator of fields and columns; a list is read entry by entry. The refusal does not repeat what was typed."""
    texts = value if isinstance(value, list | tuple) else [value]
    if any(isinstance(text, str) and holds_identity_code(text) for text in texts):
        raise ValidationError(REFUSED, code="identity_code")


# Forms --------------------------------------------------------------------------------------------------------------


def guard_free_text(form: Any, *, warn: bool = False) -> None:
    """Every text field of the form (or form class) refuses a personal identity code.

    With `warn` each large text field also asks not to write a client's details. Guarding twice changes nothing.
    """
    fields = form.fields if isinstance(form, forms.BaseForm) else form.base_fields
    for field in fields.values():
        if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.PasswordInput):
            if no_identity_code not in field.validators:
                field.validators = [*field.validators, no_identity_code]
            if warn and isinstance(field.widget, forms.Textarea):
                warn_at(field)


def warn_at(field: Any) -> None:
    """The warning stands after the field's own help."""
    if not getattr(field, "warns_of_client_data", False):
        field.help_text = (
            format_lazy("{} {}", field.help_text, CLIENT_DATA_WARNING) if field.help_text else CLIENT_DATA_WARNING
        )
        field.warns_of_client_data = True


class GuardedForm(forms.Form):
    """A form, also beside ModelForm, whose text fields are guarded and whose large ones warn."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        guard_free_text(self, warn=True)


# The database -------------------------------------------------------------------------------------------------------


class HoldsIdentityCode(models.Func):
    function = "holds_identity_code"
    output_field = models.BooleanField()


def no_identity_code_constraint(*fields: str, name: str) -> models.CheckConstraint:
    """No row's text in these columns holds a personal identity code, whoever writes it. An empty column is right.

    A migration that makes one depends on network's migration `identity_codes`.
    """
    condition = models.Q(*(~HoldsIdentityCode(field) for field in fields))
    return models.CheckConstraint(condition=condition, name=name, violation_error_message=REFUSED)
