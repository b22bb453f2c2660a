"""The demo operator: built through the real verbs, alive in every state, harmless to build twice."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db.models import Window
from django.db.models.functions import Lag

import cast
from bihuan.appeals.models import Appeal, Letter
from bihuan.cases.models import Case, CaseEvent
from bihuan.cases.states import STATES
from bihuan.catalog import shipped
from bihuan.catalog.models import Node
from bihuan.demo import actions, content, operator
from bihuan.handling.models import Evidence, Reply
from bihuan.identity import roles, tokens
from bihuan.identity.models import Staff, Unit
from bihuan.sla import replay
from bihuan.sla.models import Deadline

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 18, 7, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """The operator as it stands on a Wednesday afternoon, built once for all tests of this file."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        cast.leave()
        yield actions.seed(NOW, regular=1)
        transaction.set_rollback(True)


def test_no_step_of_any_script_is_refused(made: dict[str, Any]) -> None:
    assert made["refused"] == {}
    assert made["cases"] == len(content.scripts_for(NOW, 1))


def test_every_state_has_cases(made: dict[str, Any]) -> None:
    assert set(Case.objects.values_list("status", flat=True)) == set(STATES)


def test_a_fibre_cut_brought_thirty_within_the_hour(made: dict[str, Any]) -> None:
    outage = Node.objects.get(tree="phenomenon", code="N0501")
    times = sorted(
        Case.objects.filter(category_id=outage.id, district_id=320412).values_list("registered_at", flat=True)
    )
    assert len(times) == 30
    assert times[-1] - times[0] < timedelta(hours=1, minutes=1)


def test_there_are_repeats_chasers_and_late_ones(made: dict[str, Any]) -> None:
    assert Case.objects.filter(repeat_of_id__isnull=False).count() >= 8
    assert Case.objects.filter(chaser_count__gt=0).count() >= 10
    assert CaseEvent.objects.filter(kind="clock_breached").exists()
    assert Case.objects.filter(ended_at=None, next_due_at__lt=NOW).count() >= 5


def test_security_has_open_cases_and_an_approval_is_late(made: dict[str, Any]) -> None:
    assert Case.objects.filter(flags__contains=["security"], ended_at=None).exists()
    assert Deadline.objects.filter(kind="approval", ended_at=None, level__gte=2).exists()


def test_one_texted_answer_waits_and_one_is_confirmed(made: dict[str, Any]) -> None:
    assert made["texted"] == 2
    written = Reply.objects.filter(confirm_by__isnull=False)
    assert sorted(written.values_list("settled", flat=True)) == ["", "customer"]
    assert Case.objects.filter(flags__contains=["awaiting_confirmation"], status="replied").count() == 1


def test_some_keep_a_file_of_what_was_found(made: dict[str, Any]) -> None:
    assert Evidence.objects.filter(kind__in=("field_test", "network_log", "document")).count() >= 3


def test_every_public_body_passed_something_on(made: dict[str, Any]) -> None:
    assert made["appeals"] == Appeal.objects.count() >= 6
    assert set(Appeal.objects.values_list("body__code", flat=True)) == {"miit", "12300", "12345", "12315"}
    assert set(Appeal.objects.values_list("status", flat=True)) >= {"in_hand", "mediation", "closed_filed"}
    assert Appeal.objects.filter(earlier_case_id__isnull=False).exists()
    assert Letter.objects.filter(sent_at__isnull=False).exists()
    assert CaseEvent.objects.filter(kind="clock_breached", payload__code="appeal.12345").exists()
    assert Appeal.objects.get(status="declined_filed").failing == ["too_old"]


def test_limits_of_appeals_follow_from_their_events(made: dict[str, Any]) -> None:
    assert list(replay.differences(list(Appeal.objects.values_list("case_id", flat=True)), NOW)) == []


def test_nothing_happens_after_now(made: dict[str, Any]) -> None:
    assert not CaseEvent.objects.filter(at__gt=NOW).exists()
    assert not Case.objects.filter(registered_at__gt=NOW).exists()


def test_what_was_done_stands_in_the_order_of_its_times(made: dict[str, Any]) -> None:
    before = Window(Lag("at"), partition_by="case_id", order_by="seq")
    told = CaseEvent.objects.annotate(before=before).order_by().values_list("kind", "at", "before")
    # the inspector looks back at cases that others are still working on at a moment of her own
    late = {kind for kind, at, earlier in told if earlier is not None and at < earlier}
    assert late <= {"pass_on_reviewed"}


def test_personal_numbers_in_texts_went_into_the_vault(made: dict[str, Any]) -> None:
    assert Case.objects.filter(content__contains="⟦").count() >= 5
    assert not Case.objects.filter(content__regex=r"1[3-9]\d{9}|\d{17}[\dX]").exists()


def test_whoever_handled_it_never_revisited_it(made: dict[str, Any]) -> None:
    handled = set(CaseEvent.objects.filter(kind="replied").values_list("case_id", "actor_id"))
    revisited = set(CaseEvent.objects.filter(kind="revisited").values_list("case_id", "actor_id"))
    assert not handled & revisited


def test_a_second_build_changes_nothing(made: dict[str, Any]) -> None:
    before = Case.objects.count(), Staff.objects.count(), Unit.objects.count()
    again = actions.seed(NOW)
    assert (again["units"], again["staff"], again["cases"]) == (0, 0, 0)
    assert (Case.objects.count(), Staff.objects.count(), Unit.objects.count()) == before


def test_one_login_a_role_and_each_opens(made: dict[str, Any]) -> None:
    shown = actions.logins()
    people = {"system"}  # an account of another system never signs in
    assert {login["role"] for login in shown} == set(roles.ROLES) - people
    for login in shown[:2]:
        assert authenticate(username=login["username"], password=login["password"]) is not None


def test_the_tokens_work_and_can_do_what_they_are_for(made: dict[str, Any]) -> None:
    main, other = tokens.find(actions.api_token()), tokens.find(actions.revisit_token())
    assert main is not None and roles.REGISTER in main.scopes
    assert other is not None and roles.REVISIT in other.scopes
    assert main.owner_id != other.owner_id


def test_no_administrator_holds_another_role() -> None:
    for spec in (*operator.STAFF, operator.SYSTEM_ACCOUNT, operator.REVISIT_ACCOUNT):
        assert roles.conflict(set(spec.roles)) == ""


def test_units_and_staff_fit_together() -> None:
    units = {unit.code for unit in operator.UNITS}
    names = {spec.username for spec in operator.STAFF}
    areas = {area.id for area in shipped.areas()}
    assert {unit.parent for unit in operator.UNITS} - {""} <= units
    assert {unit.responsible for unit in operator.UNITS} - {""} <= names | {
        f"{code.replace('.', '')}1" for code in units
    }
    assert {unit.area for unit in operator.UNITS} - {0} <= areas
    assert {spec.unit for spec in operator.STAFF} <= units
    assert {spec.deputy for spec in operator.STAFF} - {""} <= names


def test_texts_are_many_and_different() -> None:
    texts = [script.complaint.content for script in content.scripts_for(NOW)]
    assert len(texts) >= 390
    assert len(set(texts)) > 0.85 * len(texts)
    assert not [text for text in texts if "{" in text]


def test_stories_speak_of_the_shipped_trees() -> None:
    for tree, field in (("phenomenon", "category"), ("product", "product"), ("cause", "cause")):
        leaves = {leaf.code for leaf in shipped.leaves(tree)}
        assert {getattr(story, field) for story in content.stories()} <= leaves
