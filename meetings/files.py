"""Files that people add: taken only when the content is what it says it is, and given back so that nothing in them runs."""

from pathlib import PurePath
from typing import NamedTuple
from urllib.parse import quote
from zipfile import BadZipFile, ZipFile

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from network.models import User

from .models import AgendaItem, Attachment, AttachmentContent, Group

LARGEST = 10 * 1024 * 1024
OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument"


class Kind(NamedTuple):
    content_type: str
    inside: str  # of a zip: the folder that tells an Office file, or the words of an OpenDocument's mimetype
    starts: tuple[bytes, ...]


KINDS = {
    ".pdf": Kind("application/pdf", "", (b"%PDF-",)),
    ".png": Kind("image/png", "", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": Kind("image/jpeg", "", (b"\xff\xd8\xff",)),
    ".jpeg": Kind("image/jpeg", "", (b"\xff\xd8\xff",)),
    ".docx": Kind(f"{OFFICE}.wordprocessingml.document", "word/", (b"PK\x03\x04",)),
    ".pptx": Kind(f"{OFFICE}.presentationml.presentation", "ppt/", (b"PK\x03\x04",)),
    ".xlsx": Kind(f"{OFFICE}.spreadsheetml.sheet", "xl/", (b"PK\x03\x04",)),
    ".odt": Kind(f"{OPEN_DOCUMENT}.text", "mimetype", (b"PK\x03\x04",)),
    ".odp": Kind(f"{OPEN_DOCUMENT}.presentation", "mimetype", (b"PK\x03\x04",)),
    ".ods": Kind(f"{OPEN_DOCUMENT}.spreadsheet", "mimetype", (b"PK\x03\x04",)),
    ".txt": Kind("text/plain; charset=utf-8", "", ()),
}
ENDINGS = ", ".join(ending.lstrip(".") for ending in KINDS if ending != ".jpeg")


def checked(upload: UploadedFile) -> str:
    """The type of the file by its content. Raises ValidationError when it is too large, empty, or not what it says."""
    if upload.size is None or upload.size > LARGEST:
        raise ValidationError(_("The file is larger than %(size)d megabytes.") % {"size": LARGEST // 1024 // 1024})
    if not upload.size:
        raise ValidationError(_("The file is empty."))
    ending = PurePath(upload.name or "").suffix.lower()
    kind = KINDS.get(ending)
    if kind is None:
        raise ValidationError(_("Files of these kinds can be added: %(kinds)s.") % {"kinds": ENDINGS})
    upload.seek(0)
    if not is_of(kind, upload):
        raise ValidationError(_("The content of the file is not what its name says. Save it anew in its own program."))
    upload.seek(0)
    return kind.content_type


def is_of(kind: Kind, upload: UploadedFile) -> bool:
    start = upload.read(16)
    if not kind.starts:
        upload.seek(0)
        try:
            return "\x00" not in upload.read().decode("utf-8")
        except UnicodeDecodeError:
            return False
    if not start.startswith(kind.starts):
        return False
    return not kind.inside or is_document(kind, upload)


def is_document(kind: Kind, upload: UploadedFile) -> bool:
    """A zip that holds what such a document holds, and no macros."""
    try:
        with ZipFile(upload) as parts:
            names = parts.namelist()
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                return False
            if kind.inside == "mimetype":
                info = parts.getinfo("mimetype")
                return (
                    info.file_size < 200
                    and parts.read("mimetype").decode("ascii", "ignore").strip() == kind.content_type
                )
            return "[Content_Types].xml" in names and any(name.startswith(kind.inside) for name in names)
    except (BadZipFile, KeyError, OSError, RuntimeError):
        return False


def safe_name(name: str) -> str:
    """The last part of the name, without signs that a header or a file system could mistake."""
    path = PurePath(name.replace("\\", "/"))
    kept = "".join(sign if sign.isalnum() or sign in "-_. " else "_" for sign in path.stem)[:100].strip(" .")
    return f"{kept or 'liite'}{path.suffix.lower()}"


@transaction.atomic
def add(
    attachment: Attachment,
    upload: UploadedFile,
    *,
    by: User | None,
    item: AgendaItem | None = None,
    group: Group | None = None,
) -> Attachment:
    """Keep the file at the item or the group. The form has checked it; here it is checked again."""
    attachment.content_type = checked(upload)
    attachment.file_name, attachment.size = safe_name(upload.name or ""), upload.size or 0
    attachment.item, attachment.group, attachment.uploaded_by = item, group, by
    attachment.save()
    upload.seek(0)
    AttachmentContent.objects.create(attachment=attachment, data=upload.read())
    return attachment


def response(attachment: Attachment) -> HttpResponse:
    """The file to be saved, never shown as a page of ours; nothing in it may run, load or be framed."""
    answer = HttpResponse(bytes(attachment.content.data), content_type=attachment.content_type)
    ascii_name = attachment.file_name.encode("ascii", "replace").decode().replace("?", "_")
    answer["Content-Disposition"] = (
        f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(attachment.file_name)}"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer
