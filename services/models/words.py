"""What the search keeps beside the catalogue: the words of each service, all words there are, and synonyms."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from .service import Service


class ServiceWords(models.Model):
    """The words of one service as the search reads them. Made by `services.search.indexing`, never edited."""

    is_made_of_others = True  # no page of deletion speaks of it

    service = models.OneToOneField(Service, models.CASCADE, primary_key=True, related_name="words")
    vector = SearchVectorField()

    class Meta:
        verbose_name = _("words of a service")
        verbose_name_plural = _("words of services")
        default_permissions = ()
        indexes = [GinIndex(fields=["vector"], name="service_words")]

    def __str__(self) -> str:
        return str(self.service)


class StaleService(models.Model):
    """A service whose words are to be made anew. Triggers of the database add rows in the transaction of the change.

    Rows are only added and taken away, never shared: of two changes at once the later leaves a row of its own.
    """

    id = models.BigAutoField(primary_key=True)
    service_id = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.service_id)


class IndexedWord(models.Model):
    """A word of the index, and in how many services it stands: for what is rare, and for words typed nearly right."""

    word = models.CharField(max_length=80, primary_key=True)
    services = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        indexes = [GinIndex(OpClass("word", name="gin_trgm_ops"), name="indexed_word_alike")]

    def __str__(self) -> str:
        return self.word


class Synonym(models.Model):
    """Words that mean the same to those who search. One-way: the first is meant by the others, which are never shown."""

    terms = models.TextField(_("words"), help_text=_("One on each line, in any case form; phrases are allowed."))
    one_way = models.BooleanField(
        _("one way"),
        default=False,
        help_text=_("The first word is what is meant; the others lead to it, are understood and never shown."),
    )
    means = models.CharField(
        _("means"),
        max_length=300,
        blank=True,
        help_text=_(
            "Facts that the words stand for, as in the address of the list: type=gambling&addiction=gambling."
            " With ~ before it a fact is only offered below what was meant: ~type=peer-group."
        ),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("synonym group")
        verbose_name_plural = _("synonym groups")
        ordering = ("terms", "pk")

    def __str__(self) -> str:
        return ", ".join(self.words)

    @property
    def words(self) -> list[str]:
        return [line.strip() for line in self.terms.splitlines() if line.strip()]

    @property
    def facts(self) -> list[str]:
        """Lexemes such as `type=gambling`."""
        return [f"{name}={value}" for name, values in QueryDict(self.means).lists() for value in values]

    def clean(self) -> None:
        if len(self.words) < 2 and not self.means:
            raise ValidationError({"terms": _("Write at least two words, each on its own line.")})


class SearchVersion(models.Model):
    """One row: raised by the database whenever synonyms change, so that every process forgets what it knew of them."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=1)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.number)
