"""The asked unit's queue and page, the owner's case page and reply form, Excel."""

from datetime import timedelta

from bihuan.assistance.models import Task
from bihuan.handling.models import Evidence
from bihuan.kernel import clock
from web.desk.conftest import at_desk, now, walk  # noqa: F401 - fixtures


def test_a_question_goes_out_is_answered_with_a_file_and_stands_on_the_case(at_desk, walk, cast):  # noqa: F811
    case = walk("in_handling")
    due = f"{clock.now() + timedelta(hours=20):%Y-%m-%dT%H:%M}"
    form = at_desk("ma").see(f"/cases/{case.number}/assistance/").content.decode()
    assert 'name="units"' in form
    told = {"units": [cast.units["mk_cz"].id], "question": "请核对近三月账单", "needed": "账单明细", "due": due}
    assert at_desk("ma").step(case, "assistance", **told).status_code == 302
    task = Task.objects.get()
    assert "还在等协查回复" in at_desk("ma").see(f"/cases/{case.number}/replies/").content.decode()

    asked = at_desk("mk")
    assert "请核对近三月账单" in asked.see("/teamwork/assistance/").content.decode()
    page = asked.see(f"/teamwork/assistance/{task.pk}/").content.decode()
    assert "账单明细" in page
    assert f"/cases/{case.number}/replies/" not in page
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("bill.txt", "账单".encode())
    answer = asked.client.post(f"/teamwork/assistance/{task.pk}/answer/", {"text": "账单无误。", "content": file})
    assert answer.status_code == 302
    assert Evidence.objects.get().id == Task.objects.get().evidence_id
    owner = at_desk("ma").see(f"/cases/{case.number}/").content.decode()
    assert "账单无误。" in owner
    assert at_desk("du").see("/teamwork/assistance/export/?show=asked").status_code == 200
    assert at_desk("mk").see("/teamwork/assistance/?show=kept").status_code == 200


def test_the_asked_unit_sends_back_the_owner_recalls_and_strangers_find_nothing(at_desk, walk, cast):  # noqa: F811
    from bihuan.assistance import actions

    case = now(walk("in_handling"))
    units = [cast.units["mk_cz"].id, cast.units["wj"].id]
    first, second = actions.ask(case, cast.doer("ma"), units, "请核对账单", "8h")
    base = "/teamwork/assistance"
    assert at_desk("ma_wx").see(f"{base}/{first.pk}/").status_code == 404
    assert at_desk("ma_wx").client.post(f"{base}/{first.pk}/return/", {"why": "不是我们的"}).status_code == 404
    assert at_desk("ma").client.post(f"{base}/{first.pk}/answer/", {"text": "替你答"}).status_code == 403
    assert at_desk("mk").client.post(f"{base}/{first.pk}/return/", {"why": ""}).status_code == 422
    assert at_desk("mk").client.post(f"{base}/{first.pk}/return/", {"why": "不归我们管"}).status_code == 302
    assert at_desk("ma").client.post(f"{base}/{second.pk}/recall/", {"why": "已经查到"}).status_code == 302
    assert set(Task.objects.values_list("status", flat=True)) == {"returned", "recalled"}
    assert at_desk("re").see(f"{base}/").status_code == 404
