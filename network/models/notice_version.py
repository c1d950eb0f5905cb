import datetime as dt

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class NoticeVersion(models.Model):
    """A version of the privacy notice as it stood on the portal, in every language. Never changed afterwards.

    The notice is made from settings and from what the parts have registered; its text is kept when it has changed.
    """

    number = models.PositiveIntegerField(gettext_lazy("version"), unique=True)
    since = models.DateField(gettext_lazy("in force from"))
    texts = models.JSONField(gettext_lazy("texts"), help_text=gettext_lazy("Language and the text as HTML."))

    class Meta:
        verbose_name = gettext_lazy("version of the privacy notice")
        verbose_name_plural = gettext_lazy("versions of the privacy notice")
        ordering = ("-number",)

    def __str__(self) -> str:
        return _("Privacy notice, version %(number)d") % {"number": self.number}

    def text_in(self, language: str) -> str:
        """Our own HTML; in Finnish when the version has none in the language."""
        return self.texts.get(language) or self.texts.get(settings.LANGUAGE_CODE, "")


def newest() -> NoticeVersion | None:
    return NoticeVersion.objects.first()


def in_force(text: str, language: str) -> NoticeVersion:
    """The version that this text is: the newest kept one, or the one that it will be kept as."""
    kept = newest()
    if kept is not None and kept.text_in(language) == text:
        return kept
    return NoticeVersion(number=kept.number + 1 if kept else 1, since=timezone.localdate(), texts={language: text})


def keep(texts: dict[str, str], on: dt.date | None = None) -> NoticeVersion | None:
    """Write down a new version when the text has changed; of two at once one does. None when nothing is new."""
    kept = newest()
    if kept is not None and kept.texts == texts:
        return None
    number = kept.number + 1 if kept else 1
    try:
        with transaction.atomic():
            return NoticeVersion.objects.create(number=number, since=on or timezone.localdate(), texts=texts)
    except IntegrityError:
        return None
