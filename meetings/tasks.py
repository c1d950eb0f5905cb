"""Background work of meetings. A task only calls what does the work."""

from procrastinate.contrib.django import app

from network.periodic import every_day
from network.tasks import BackOff

from . import inviting
from .minutes import tasks as minutes_tasks

__all__ = ["minutes_tasks"]

MORNING = 7


@app.task(retry=BackOff())
def mail_meeting(meeting: int, what: str) -> None:
    inviting.mail(meeting, what)


@every_day(MORNING)
def remind_of_meetings() -> None:
    inviting.remind()
