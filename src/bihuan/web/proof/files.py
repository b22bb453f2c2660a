"""Evidence looked at in the page: pictures, sound, film, PDF and text; what a file is, its content says, not its name.

An original shows what no mask covers: it takes who works with the case or may reveal, and every reading is written into
the audit log. What can run nothing is shown; everything else is a download.
"""

import re
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from bihuan.cases import access
from bihuan.cases.models import Case
from bihuan.flow import originals
from bihuan.handling import evidence
from bihuan.handling.models import Evidence
from bihuan.identity import audit
from bihuan.identity.viewer import Viewer
from bihuan.kernel import scanner
from bihuan.kernel.errors import NotFound
from bihuan.web.desk import story, words
from bihuan.web.desk.door import desk
from bihuan.web.desk.names import Names
from bihuan.web.masked import masked_text

PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
SOUNDS = ("audio/mpeg", "audio/ogg", "audio/wav", "audio/flac", "audio/mp4")
FILMS = ("video/mp4", "video/webm")
MOST_TEXT = 100_000
"""Characters of a text shown in the page."""
_CLOSED = "default-src 'none'; frame-ancestors 'self'; sandbox"
_PDF = "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; frame-ancestors 'self'"
"""The browser's own PDF viewer does not open what is in a sandbox; a PDF runs nothing outside that viewer."""


@dataclass(frozen=True)
class Shown:
    """One file as the page shows it: `way` is picture, sound, film, pdf, text or nothing."""

    one: Evidence
    name: str
    kind: str | Promise
    by: str
    way: str


def way_of(media_type: str) -> str:
    """How a file of this type is looked at; empty when only as a download."""
    ways = {"application/pdf": "pdf", "text/plain": "text"}
    ways |= dict.fromkeys(PICTURES, "picture") | dict.fromkeys(SOUNDS, "sound") | dict.fromkeys(FILMS, "film")
    return ways.get(media_type, "")


def shown(case: Case, masks: dict[str, str]) -> list[Shown]:
    """All files of a case, oldest first."""
    names = Names()
    return [_shown(kept, masks, names) for kept in evidence.of_case(case.id)]


def _shown(kept: Evidence, masks: dict[str, str], names: Names) -> Shown:
    kind = words.EVIDENCE.get(kept.kind, kept.kind)
    by = _("客户") if kept.from_customer else names.staff(kept.by_id)
    way = "" if kept.scan in {Evidence.Scan.INFECTED, Evidence.Scan.REMOVED} else way_of(kept.media_type)
    return Shown(kept, masked_text(kept.name, masks), kind, by, way)


@require_safe
@desk
def files(request: HttpRequest, viewer: Viewer, number: str) -> HttpResponse:
    """The files of a case with small pictures; who may not open originals sees names, sizes and digests."""
    case = access.access_case(viewer, number)
    context = {"case": case, "files": shown(case, story.masks_for(case)), "may": originals.may_read(viewer, case)}
    context["scanning"] = scanner.configured()  # without a scanner nothing is: that need not stand on each file
    return render(request, "proof/files.html", context)


@require_safe
@desk
def preview(request: HttpRequest, viewer: Viewer, number: str, ident: int) -> HttpResponse:
    """One file in a dialog over the page."""
    case, kept = _opened(viewer, number, ident)
    one = _shown(kept, story.masks_for(case), Names())
    text = ""
    if one.way == "text":
        text = _text(evidence.content_of(kept))
        _note(request, viewer, case, kept)
    context = {"case": case, "file": one, "text": text[:MOST_TEXT], "cut": len(text) > MOST_TEXT}
    return render(request, "proof/preview.html", context)


@require_safe
@xframe_options_sameorigin
@desk
def view(request: HttpRequest, viewer: Viewer, number: str, ident: int) -> HttpResponse:
    """The content itself, for an element of our own page; in the piece asked for where one is."""
    case, kept = _opened(viewer, number, ident)
    way = way_of(kept.media_type)
    if way not in {"picture", "sound", "film", "pdf"}:
        raise NotFound("evidence")
    content = evidence.content_of(kept)
    start, end = _range(request.headers.get("Range", ""), len(content))
    if start == 0:  # a player fetches one file in pieces: it is one reading
        _note(request, viewer, case, kept)
    answer = HttpResponse(
        content[start:end], content_type=kept.media_type, status=206 if end - start < len(content) else 200
    )
    if answer.status_code == 206:
        answer.headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(content)}"
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["Content-Security-Policy"] = _PDF if way == "pdf" else _CLOSED
    return answer


def _opened(viewer: Viewer, number: str, ident: int) -> tuple[Case, Evidence]:
    case = access.access_case(viewer, number)
    originals.check(viewer, case)
    return case, evidence.find(case.id, ident)


def _note(request: HttpRequest, viewer: Viewer, case: Case, kept: Evidence) -> None:
    audit.record(
        "reveal", actor_id=viewer.staff_id, actor_name=viewer.name, subject=case.number,
        address=request.META.get("REMOTE_ADDR", ""), detail={"evidence": kept.id, "looked_at": True},
    )  # fmt: skip


def _range(asked: str, size: int) -> tuple[int, int]:
    """First byte and the one behind the last; the whole file for what is not one plain range within it."""
    found = re.fullmatch(r"bytes=(\d{1,12})-(\d{0,12})", asked)
    if found is None or int(found[1]) >= size:
        return 0, size
    end = int(found[2]) + 1 if found[2] else size
    return (int(found[1]), min(end, size)) if end > int(found[1]) else (0, size)


def _text(content: bytes) -> str:
    """A text as kept: UTF-8 or GB 18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""
