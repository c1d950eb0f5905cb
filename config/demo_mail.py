"""The demo's mail: it leaves the machine never, and waits in a folder for its page."""

import os
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.text import get_valid_filename


class EmailBackend(BaseEmailBackend):
    """One file for each message, named by its Message-ID: one that is sent twice is there once."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        settings.DEMO_MAIL_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        for email in email_messages:
            message = email.message()
            path = settings.DEMO_MAIL_DIR / f"{get_valid_filename(message['Message-ID'].strip('<>'))}.eml"
            unfinished = path.with_suffix(f".{os.getpid()}")
            unfinished.write_bytes(message.as_bytes())
            unfinished.rename(path)
        return len(email_messages)
