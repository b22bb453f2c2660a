"""What surveys, care calls and exceptional closings let be said of a case: named like all conditions, so that lists filter
and figures count by them. They tell how things stand now, as ratings do."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from bihuan.cases.conditions import Condition, add
from bihuan.revisit.models import Care, Closure, Survey


def _survey(**holds: object) -> Q:
    return Q(Exists(Survey.objects.filter(case_id=OuterRef("pk"), **holds)))


def _care(**holds: object) -> Q:
    return Q(
        Exists(Care.objects.filter(case_id=OuterRef("pk"), done_at__isnull=False, **holds).exclude(outcome="void"))
    )


def register() -> None:
    """Put them beside the others; once, when the room is loaded."""
    add(
        Condition("survey_sent", _("发了评价链接"), lambda at: _survey()),
        Condition("survey_answered", _("客户填了评价"), lambda at: _survey(answered_at__isnull=False)),
        Condition("survey_solved", _("评价：已解决"), lambda at: _survey(solved=True)),
        Condition("survey_bad", _("差评"), lambda at: _survey(bad=True)),
        Condition("care_called", _("做过关怀回访"), lambda at: _care()),
        Condition("care_back", _("关怀回访：问题又出现"), lambda at: _care(outcome="back")),
        Condition(
            "exceptional", _("例外结单"),
            lambda at: Q(status="closed")
            & Q(Exists(Closure.objects.filter(case_id=OuterRef("pk"), exception_id__isnull=False))),
        ),
    )  # fmt: skip
