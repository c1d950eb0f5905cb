"""Background work of the ground floor. A task only calls what does the work."""

from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from . import bulletins, incoming, invitations, kept_forms, mail, retention, versions
from .periodic import every_day


class BackOff(BaseRetryStrategy):
    """Try again after 1, 2, 4 … minutes, at most four hours. The task itself gives up: see mail.MAX_ATTEMPTS."""

    LONGEST = 4 * 3600

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        return RetryDecision(retry_in={"seconds": min(60 * 2 ** min(job.attempts, 10), self.LONGEST)})


@app.task(retry=BackOff())
def send_message(message: int) -> None:
    mail.deliver(message)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="take_up_stalled_jobs", pass_context=True)
async def take_up_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Jobs of a worker that was killed: it has not told for half a minute that it lives."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="resume_messages")
def resume_messages(timestamp: int) -> None:
    mail.resume()


@app.task(retry=BackOff())
def mail_bulletin(bulletin: int, version: int) -> None:
    bulletins.mail(bulletin, version)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="send_due_bulletins")
def send_due_bulletins(timestamp: int) -> None:
    bulletins.send_due()


@app.periodic(cron="5 * * * *")
@app.task(queueing_lock="mail_bulletin_digests")
def mail_bulletin_digests(timestamp: int) -> None:
    bulletins.mail_digests()


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="forget_kept_forms")
def forget_kept_forms(timestamp: int) -> None:
    kept_forms.purge_kept()


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="join_catalogue_changes")
def join_catalogue_changes(timestamp: int) -> None:
    versions.join_changes()


@every_day(hour=8)
def tell_of_what_nobody_answered() -> None:
    incoming.escalate_overdue()


@every_day()
def revoke_invitations_without_rights() -> None:
    invitations.revoke_without_rights()


@every_day()
def carry_out_retention() -> None:
    retention.carry_out()
