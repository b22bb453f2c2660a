"""From a finding to a script: one step from a reviewed case to a knowledge draft, without anything of the customer's."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bihuan.cases.models import Case
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import Conflict
from bihuan.kernel.phrases import phrase
from bihuan.knowledge import actions as knowledge
from bihuan.knowledge.drawn import drawn_from
from bihuan.knowledge.models import Article, Kind
from bihuan.knowledge.rules import Told
from bihuan.reviews import actions, queries

DRAWN = phrase(gettext_noop("由转派复盘整理"))


@transaction.atomic
def draft_script(case: Case, by: Viewer) -> Article:
    """A script's draft for the case's category, begun with what was done; its writer finishes it, another approves."""
    row = queries.verdicts_of([case.id]).get(case.id)
    if row is None or not row.solvable:
        raise Conflict("review.no_finding", _("先判定这张工单可以当场解决，再起草话术。"))
    if row.article_id is not None:
        raise Conflict("review.drafted", _("已经为它起草过话术。"))
    told = drawn_from(case)
    told = Told(
        told.title, told.body, categories=told.categories, products=told.products, note=DRAWN.said(),
    )  # fmt: skip
    article = knowledge.create(by, Kind.SCRIPT, told, from_case=case)
    actions.drafted(row, article.pk)
    return article
