"""Signing in, on django-allauth: how people are found, what they are told, and who needs a second factor."""
