"""A file the customer adds herself: kept as evidence with the same checks, told as material."""

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.cases.actions import CUSTOMER
from bihuan.cases.models import Case
from bihuan.handling import evidence
from bihuan.handling.models import Evidence
from bihuan.handling.sniffing import media_type_of
from bihuan.intake import followup
from bihuan.kernel.errors import RuleError

MOST_FILES = 10
"""What one complaint takes from its customer."""
_KINDS = {"image": "photo", "audio": "recording", "video": "photo"}


@transaction.atomic
def customer_file(case: Case, name: str, content: bytes, text: str = "") -> Evidence:
    """Keep a file of the customer's on her locked, open complaint (of a merged one, on that which owes the answer).

    One with a virus is shut away and not passed on: look at `scan`. Raises `RuleError` naming `content`."""
    case = followup.owing(case)
    if Evidence.objects.filter(case_id=case.id, from_customer=True).count() >= MOST_FILES:
        raise RuleError("evidence.too_many", _("一件投诉最多上传 10 个文件，如还有材料请致电客服。"), field="content")
    kind = _KINDS.get((media_type_of(content) or "").partition("/")[0], "document")
    kept, _event = evidence.keep(case, CUSTOMER, kind, name, content, from_customer=True)
    if kept.scan != Evidence.Scan.INFECTED:
        followup.add_material(case, CUSTOMER, "web", text, evidence_id=kept.pk)
    return kept
