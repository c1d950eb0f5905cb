from django import forms
from django.utils.translation import gettext_lazy as _

from .guards import GuardedForm
from .models import Bulletin, User
from .public_forms import OnceForm


class ProposalForm(GuardedForm, OnceForm, forms.ModelForm):
    """A member's proposal: the words only. To whom and when is the coordinator's to choose."""

    class Meta:
        model = Bulletin
        fields = ("title", "body")
        widgets = {"body": forms.Textarea(attrs={"rows": 10})}


class SubscriptionForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("bulletin_delivery",)
        labels = {"bulletin_delivery": _("How do you want the bulletins by e-mail?")}
        widgets = {"bulletin_delivery": forms.RadioSelect}
