"""What somebody had typed into a form that could not be taken because their session had ended."""

import datetime as dt
import json
import uuid
import zlib

from cryptography.fernet import Fernet, InvalidToken
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT_FOR = dt.timedelta(hours=1)
MOST_KEPT = 10  # of one person at a time; the oldest makes room
LARGE = 1_000_000  # bytes of one of which a person has two at a time


class KeptFormQuerySet(models.QuerySet["KeptForm"]):
    def alive(self) -> "KeptFormQuerySet":
        return self.filter(created_at__gt=timezone.now() - KEPT_FOR)

    def keep(self, writer_id: int, path: str, fields: dict[str, list[str]]) -> tuple["KeptForm", str]:
        """The row, and the secret that opens it: it is kept nowhere in the database."""
        secret = Fernet.generate_key()
        data = Fernet(secret).encrypt(zlib.compress(json.dumps(fields).encode()))
        theirs = self.filter(writer_id=writer_id).order_by("-created_at").values_list("pk", flat=True)
        large = theirs.annotate(size=models.Func("data", function="octet_length", output_field=models.IntegerField()))
        surplus = [*theirs[MOST_KEPT - 1 :], *(large.filter(size__gt=LARGE)[1:] if len(data) > LARGE else ())]
        self.filter(pk__in=surplus).delete()
        return self.create(writer_id=writer_id, path=path, data=data), secret.decode()


class KeptForm(models.Model):
    """Encrypted fields of one form for an hour: for its writer only, in the browser they were sent from."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    writer = models.ForeignKey("network.User", models.CASCADE, related_name="+", verbose_name=_("writer"))
    path = models.TextField(_("address"))
    data = models.BinaryField(_("data"))
    created_at = models.DateTimeField(_("created"), default=timezone.now, db_index=True)

    objects = KeptFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("kept form")
        verbose_name_plural = _("kept forms")

    def __str__(self) -> str:
        return str(self.pk)

    def fields(self, secret: str) -> dict[str, list[str]] | None:
        """What was typed; None with a wrong secret."""
        try:
            fields: dict[str, list[str]] = json.loads(zlib.decompress(Fernet(secret).decrypt(bytes(self.data))))
        except (InvalidToken, ValueError):
            return None
        return fields
