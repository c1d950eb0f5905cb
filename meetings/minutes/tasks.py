"""Background work of minutes. A task only calls what does the work."""

from network.periodic import every_day

from . import actions, feedback

MORNING = 7


@every_day(MORNING)
def remind_of_actions() -> None:
    actions.remind()


@every_day(MORNING)
def ask_for_feedback() -> None:
    feedback.ask_everyone()
