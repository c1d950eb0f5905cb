"""Forms that make one thing however often they are sent, and public ones that machines cannot flood.

    @login_not_required
    @open_form
    @require_http_methods(["GET", "HEAD", "POST"])
    def feedback(request):
        form = FeedbackForm(request.POST or None, request=request)
        if form.is_valid():
            return form.once(lambda: form.save().get_absolute_url())
        return render(request, "network/feedback.html", {"form": form})

`OnceForm` is for any form; `PublicForm` for one without signing in. Nothing here needs a script or, for visitors, a
cookie; nothing keeps a network address.
"""

import datetime as dt
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from . import limits
from .guards import GuardedForm
from .models import OnceKey

KEY, TRAP = "form_key", "homepage_of_sender"
KEPT_FOR = dt.timedelta(days=2)  # a form may stay open as long


class OnceForm(forms.Form):
    """A form with a one-time key: mix it in before ModelForm or Form, and answer through `once`."""

    form_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial[KEY] = self.fresh_key()
        self.age = self._age_of_key() if self.is_bound else dt.timedelta()
        if self.is_bound and self.age is None:
            self.data = self._data_with(KEY, self.initial[KEY])

    def _data_with(self, field: str, value: str) -> Any:
        data = cast(Any, self.data).copy()
        data[self.add_prefix(field)] = value
        return data

    @classmethod
    def salt(cls) -> str:
        return f"network.public_forms.{cls.__module__}.{cls.__qualname__}"

    @classmethod
    def fresh_key(cls) -> str:
        return signing.TimestampSigner(salt=cls.salt()).sign(secrets.token_urlsafe(24))

    def _age_of_key(self) -> dt.timedelta | None:
        """How long the form was open; None when its key is not one that was given out, or too old."""
        signer = signing.TimestampSigner(salt=self.salt())
        given = self.data.get(self.add_prefix(KEY), "")
        try:
            signer.unsign(given, max_age=KEPT_FOR)
        except (signing.BadSignature, TypeError):
            return None
        stamp = signing.b62_decode(given.rsplit(":", 2)[1])
        return dt.timedelta(seconds=max(0.0, timezone.now().timestamp() - stamp))

    @property
    def key(self) -> str:
        return str(self.data.get(self.add_prefix(KEY), "")).rsplit(":", 2)[0]

    @property
    def was_sent(self) -> bool:
        return OnceKey.objects.filter(key=self.key).exists()

    def is_valid(self) -> bool:
        """A form that was sent already is right, even if what it made stands in its way now."""
        if not self.is_bound or self.age is None:
            return super().is_valid()
        return self.was_sent or super().is_valid() or self.was_sent  # by the other press, in between

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.age is None:
            self.add_error(
                None, _("This form had been open for very long. What you wrote is here: check it and send it again.")
            )
        return cleaned

    def once(self, make: Callable[[], str]) -> HttpResponseRedirect:
        """Make the thing and go to the address that `make` returns; sent again, go there and make nothing.

        All in one transaction. Whoever sends the same form at the same moment waits for the first to end: its key
        decides, and when the first has failed the second makes the thing.
        """
        with transaction.atomic():
            if not self._take_key():
                return HttpResponseRedirect(OnceKey.objects.get(key=self.key).answer)
            answer = make()
            OnceKey.objects.filter(key=self.key).update(answer=answer)
        return HttpResponseRedirect(answer)

    def _take_key(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {OnceKey._meta.db_table} (key, answer, created_at) VALUES (%s, '', %s) ON CONFLICT DO NOTHING",  # noqa: S608
                [self.key, timezone.now()],
            )
            return bool(cursor.rowcount)


class PublicForm(GuardedForm, OnceForm):
    """A form that anybody may send: guarded free text, a field that only machines fill, a least time, a rate.

    `request` is asked for when it is bound. `times`: how often one client may send this form within an hour.
    """

    times = 10
    homepage_of_sender = forms.CharField(
        label=gettext_lazy("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"class": "not-for-people", "autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.cleaned_data.get(TRAP):
            self.data = self._data_with(TRAP, "")  # a browser may have filled it for a person, who does not see it
            self.add_error(
                None, _("A field that people do not see was filled in. It is empty now: send the form again.")
            )
        if self.age is not None and self.age.total_seconds() < settings.PUBLIC_FORM_SECONDS:
            self.add_error(None, _("This was sent faster than a person writes. Wait a moment and send it again."))
        if not self.errors and not self.was_sent and not self._may_send():
            raise ValidationError(
                _(
                    "Many of these have come from your network within an hour. Wait a while, or contact the coordinator."
                ),
                code="too_many",
            )
        return cleaned

    def _may_send(self) -> bool:
        if self.request is None:
            raise TypeError("A public form that is sent needs its request.")
        return limits.may(self.salt(), limits.client_mark(self.request), times=self.times)


def open_form(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """For a form that needs no signing in: a visitor without cookies may send it.

    A token protects what a signed-in person could be made to send. Where there is no session there is nobody to
    protect; where there is one, the token is asked for as everywhere.
    """
    protected = csrf_protect(view)

    @wraps(view)
    def either(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        return (protected if with_session else view)(request, *args, **kwargs)

    return csrf_exempt(either)


def purge_once_keys() -> int:
    """For the nightly job: delete keys of forms that can no longer be sent. The number of those deleted."""
    return OnceKey.objects.filter(created_at__lt=timezone.now() - KEPT_FOR - dt.timedelta(hours=1)).delete()[0]
