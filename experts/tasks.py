"""The daily work of expert activity."""

from network.periodic import every_day

from . import consents, endings, reminding


@every_day(8)
def remind_of_requests() -> None:
    reminding.remind_all()


@every_day(9)
def remind_of_tomorrow() -> None:
    reminding.remind_of_tomorrow()


@every_day(18)
def finish_orders() -> None:
    endings.finish_all()


@every_day(3)
def erase_closed_profiles() -> None:
    consents.erase_closed()
