"""Keys of forms that were sent: what a form made is made once, however often its button is pressed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OnceKey(models.Model):
    """A form's key and the address that answered it. The key is random and tells nothing of who sent the form."""

    key = models.CharField(_("key"), max_length=64, primary_key=True)
    answer = models.TextField(_("answer"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("key of a form that was sent")
        verbose_name_plural = _("keys of forms that were sent")

    def __str__(self) -> str:
        return self.key
