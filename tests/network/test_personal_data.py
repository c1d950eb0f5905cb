"""Every person sees, takes along and erases all that is held about her; nobody else's."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model

from network import personal_data

pytestmark = pytest.mark.django_db

# Models that point at a person, or hold an address, without telling of her: why.
NO_PERSONAL_DATA = {
    "network.Network": "names the coordinator in public, by her own choice; erasing is refused before handing over",
    "network.User_competences": "shown as the account's competences",
    "network.User_groups": "groups are not used",
    "network.User_user_permissions": "permissions are not used",
}


def points_at_a_person(model) -> bool:
    user = get_user_model()
    return any(
        field.is_relation and field.related_model is user and not field.auto_created
        for field in model._meta.get_fields()
    )


def test_every_model_that_points_at_a_person_is_told_of():
    told = {label for kind in personal_data.everything() for label in kind.models}
    pointing = {model._meta.label for model in apps.get_models(include_auto_created=True) if points_at_a_person(model)}
    assert pointing - told - set(NO_PERSONAL_DATA) == set()
