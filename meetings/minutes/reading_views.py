"""Reading minutes: the version in force, older ones and what a correction changed, on paper and in a feed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from network import markdown
from network.models import Network
from network.permissions import signed_in

from ..models import AgendaItem, Meeting, Minutes
from . import feedback, paper, permissions, publishing, record, search, waiting, writing
from .forms import CommentForm

IN_FEED = 20


def visible_meeting(request: HttpRequest, pk: int) -> Meeting:
    return get_object_or_404(Meeting.objects.visible_to(request.user).select_related("group", "municipality"), pk=pk)


def readable(request: HttpRequest, meeting: Meeting, number: int | None = None) -> Minutes:
    """The published version (the newest, or the asked); 404 when there is none."""
    published = meeting.minutes.filter(status=Minutes.Status.PUBLISHED).select_related("published_by")
    minutes = published.filter(number=number).first() if number else published.order_by("-number").first()
    if minutes is None:
        raise Http404(_("The minutes of this meeting are not published."))
    minutes.meeting = meeting
    return minutes


@login_not_required
@require_safe
def minutes_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _detail(request, visible_meeting(request, pk))


def _detail(request: HttpRequest, meeting: Meeting, form: CommentForm | None = None) -> HttpResponse:
    """What is published; for members beside it the draft that is out for comments."""
    level = permissions.level(request.user, meeting)
    draft = writing.open_minutes(meeting)
    may_comment = draft is not None and permissions.can_comment(request.user, draft)
    may_write = permissions.can_write(request.user, meeting)
    if may_comment and draft:
        minutes, kept = draft, record.cut(record.build(draft), level)
    elif (found := writing.published(meeting)) is not None:
        minutes, kept = found, record.for_level(found, level)
    elif may_write or level != permissions.PUBLIC:
        context = {"meeting": meeting, "may_write": may_write, "draft": draft}
        return render(request, "meetings/minutes_none.html", context)
    else:
        raise Http404(_("The minutes of this meeting are not published."))
    if may_comment and form is None:
        form = CommentForm(items=commentable(request, meeting))
    context = {
        "meeting": meeting,
        "minutes": minutes,
        "shown": record.shown(kept, meeting, level),
        "is_public": level == permissions.PUBLIC,
        "may_write": may_write,
        "draft": draft if may_write else None,
        "comment_form": form if may_comment else None,
        "comments": minutes.comments.select_related("author", "item") if may_comment else (),
        "versions": meeting.minutes.filter(status=Minutes.Status.PUBLISHED),
        "feedback_open": request.user.is_authenticated and feedback.is_open(meeting),
    }
    return render(request, "meetings/minutes.html", context)


def commentable(request: HttpRequest, meeting: Meeting) -> Any:
    return AgendaItem.objects.visible_to(request.user).accepted().filter(meeting=meeting).order_by("position", "pk")


@require_POST
def minutes_comment(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = visible_meeting(request, pk)
    minutes = writing.open_minutes(meeting)
    if minutes is None or not permissions.can_comment(request.user, minutes):
        raise PermissionDenied
    form = CommentForm(request.POST, items=commentable(request, meeting))
    if not form.is_valid():
        return _detail(request, meeting, form)

    def add() -> str:
        item = form.cleaned_data["item"]
        publishing.comment(minutes, form.cleaned_data["text"], by=signed_in(request), item=item.pk if item else None)
        messages.success(request, _("Thank you. Those who write the minutes read your comment."))
        return reverse("meetings:minutes", args=[meeting.pk]) + "#kommentit"

    return form.once(add)


@login_not_required
@require_safe
def minutes_version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """An older or the newest version: what it changed in the one before it, and its text."""
    meeting = visible_meeting(request, pk)
    minutes = readable(request, meeting, number)
    level = permissions.level(request.user, meeting)
    before = meeting.minutes.filter(number=number - 1).first()
    changes = publishing.changes(record.for_level(before, level), record.for_level(minutes, level)) if before else []
    context = {
        "meeting": meeting,
        "minutes": minutes,
        "before": before,
        "changes": changes,
        "shown": record.shown(record.for_level(minutes, level), meeting, level),
        "is_public": level == permissions.PUBLIC,
    }
    return render(request, "meetings/minutes_version.html", context)


@login_not_required
@require_safe
def minutes_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = visible_meeting(request, pk)
    minutes = readable(request, meeting)
    level = permissions.level(request.user, meeting)
    response = HttpResponse(paper.minutes_pdf(minutes, level), content_type="application/pdf")
    name = f"muistio-{slugify(meeting.title)[:60] or meeting.pk}-v{minutes.number}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def minutes_waiting(request: HttpRequest) -> HttpResponse:
    """For organisers: what they have held and not published minutes of."""
    return render(request, "meetings/minutes_waiting.html", {"meetings": waiting.unpublished(request.user)[:100]})


# The public feed ----------------------------------------------------------------------------------------------------


class MinutesFeed(Feed):
    """The newest published minutes of public meetings, in their public version."""

    def get_object(self, request: HttpRequest) -> Network:
        return Network.current()

    def title(self, network: Network) -> str:
        return f"{_('Minutes')} – {network.local_name}"

    def description(self, network: Network) -> str:
        return _("What was talked of and decided in the public meetings of the network.")

    def link(self, network: Network) -> str:
        return reverse("meetings:list")

    def items(self, network: Network) -> Any:
        public = Meeting.objects.filter(published_at__isnull=False, is_public=True)
        rows = search.in_force().filter(meeting__in=public.values("pk")).select_related("meeting")
        return rows.order_by("-published_at", "-pk")[:IN_FEED]

    def item_title(self, item: Any) -> str:
        return item.meeting.title

    def item_description(self, item: Any) -> str:
        return markdown.to_html(item.public_text)

    def item_link(self, item: Minutes) -> str:
        return reverse("meetings:minutes", args=[item.meeting_id])

    def item_guid(self, item: Minutes) -> str:
        return f"{item.meeting.uid}#{item.number}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: Minutes) -> Any:
        return item.published_at


@login_not_required
@require_safe
def minutes_rss(request: HttpRequest) -> HttpResponse:
    return MinutesFeed()(request)
