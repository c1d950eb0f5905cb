from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session


def forget_ended() -> None:
    """Delete where people were signed in (address and browser) when the session itself is gone."""
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
