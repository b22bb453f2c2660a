"""Notices reach who has to know, or who stands in for her; nobody reads another's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.channels import outbox
from bihuan.identity import roster
from bihuan.identity.models import Absence, Staff
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.kernel.models import Message
from bihuan.notices import actions, queries, wording
from bihuan.notices.models import Notice
from cast import Cast


def _away(staff: Staff, deputy: Staff) -> None:
    now = clock.now()
    Absence.objects.create(
        staff=staff, deputy=deputy, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1)
    )


def test_who_is_away_is_passed_over_for_her_deputy_and_nobody_is_told_twice(cast: Cast) -> None:
    case = cast.case()
    _away(cast.ma, cast.te)
    _away(cast.te, cast.li)
    told = actions.tell(
        "limit_breached", [cast.ma.id, cast.li.id, None, cast.du.id], case.id, {"level": 2, "version": 3}
    )
    assert told == 2
    rows = {row.staff_id: row for row in Notice.objects.all()}
    assert set(rows) == {cast.li.id, cast.du.id}
    assert rows[cast.li.id].instead_of_id is None
    actions.tell("general", [cast.ma.id])
    assert Notice.objects.get(kind="general").instead_of_id == cast.ma.id
    assert wording.detail(rows[cast.du.id].facts) == "升级办法第 3 版第 2 级"


def test_stand_ins_for_all_are_those_asked_for_one_by_one(cast: Cast) -> None:
    _away(cast.ma, cast.te)
    _away(cast.te, cast.li)
    _away(cast.di, cast.du)
    _away(cast.du, cast.di)
    Staff.objects.filter(pk=cast.bo.pk).update(is_active=False, deputy=cast.ma)
    at = clock.now()
    singly = {one.pk: stand.pk for one in Staff.objects.all() if (stand := roster.stand_in(one, at))}
    assert roster.stand_ins(at) == singly == {cast.ma.pk: cast.li.pk, cast.te.pk: cast.li.pk, cast.bo.pk: cast.li.pk}


def test_many_are_told_in_as_many_statements_as_few(cast: Cast) -> None:
    actions.prefer(cast.ma.id, actions.Wish("ma@example.cn", ["limit_breached"], None, []))

    def spent(count: int) -> int:
        many = [actions.Telling("limit_breached", [cast.ma.id, cast.li.id], number) for number in range(1, count + 1)]
        with CaptureQueriesContext(
            connection,
        ) as found:
            actions.tell_many(many)
        return len(found)

    assert spent(2) == spent(60)


def test_a_notice_of_a_case_out_of_reach_says_nothing_of_it(cast: Cast) -> None:
    case = cast.case()
    actions.tell("general", [cast.an.id, cast.an_wx.id], case.id)
    assert queries.page(cast.viewer("an"), 10)[0][0].number == case.number
    line = queries.page(cast.viewer("an_wx"), 10)[0][0]
    assert line.hidden and line.number == ""


def test_the_inbox_goes_page_by_page_unread_first_and_only_ones_own_are_marked_read(cast: Cast) -> None:
    for number in range(7):
        actions.tell("general", [cast.an.id, cast.bo.id], None, {"text": str(number)})
    mine = list(Notice.objects.filter(staff_id=cast.an.id).order_by("id"))
    others = Notice.objects.filter(staff_id=cast.bo.id).first()
    assert others is not None
    assert actions.mark_read(cast.an.id, [mine[3].pk, mine[5].pk, others.pk]) == 2
    viewer, seen, key = cast.viewer("an"), [], ""
    while True:
        found, key = queries.page(viewer, 2, key)
        seen += [line.notice.facts["text"] for line in found]
        if not key:
            break
    assert seen == ["6", "4", "2", "1", "0", "5", "3"]
    assert (queries.unread(cast.an.id), queries.unread(cast.bo.id)) == (5, 7)
    assert actions.mark_read(cast.an.id) == 5


def test_what_may_only_be_told_later_is_not_there_before(cast: Cast) -> None:
    later = clock.now() + timedelta(hours=9)
    actions.tell_many([actions.Telling("limit_warned", [cast.an.id], None, {}, later)])
    assert queries.unread(cast.an.id) == 0
    with clock.at(later):
        assert queries.unread(cast.an.id) == 1


def test_old_notices_go_once_they_were_read(cast: Cast) -> None:
    with clock.at(clock.now() - timedelta(days=actions.KEPT_DAYS + 1)):
        actions.tell("general", [cast.an.id, cast.bo.id])
        actions.mark_read(cast.an.id)
    actions.tell("general", [cast.an.id])
    assert actions.tidy() == 1 and Notice.objects.filter(staff_id=cast.bo.id).count() == 1


def test_kinds_she_chose_also_leave_by_mail_and_say_nothing_of_the_case(cast: Cast) -> None:
    case = cast.case()
    actions.prefer(cast.an.id, actions.Wish("an@example.cn", ["plea_decided"], "13912340000", []))
    before = Message.objects.count()
    actions.tell("plea_decided", [cast.an.id], case.id)
    actions.tell("general", [cast.an.id], case.id)
    message = Message.objects.order_by("id").last()
    assert Message.objects.count() == before + 1 and message is not None
    address, text = outbox.plain(message)
    assert address == "an@example.cn" and case.number not in text and "代客请示" in text
    actions.prefer(cast.an.id, actions.Wish("", ["plea_decided"], None, []))
    assert actions.address_of(cast.an.id, "email") == "" and actions.address_of(cast.an.id, "sms") == "13912340000"
    with pytest.raises(RuleError):
        actions.prefer(cast.an.id, actions.Wish("nowhere", [], None, []))
