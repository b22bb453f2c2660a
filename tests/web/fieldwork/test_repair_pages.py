"""A repair order from the case to the worker's phone and back; the control lists; who may call; files as Excel."""

from datetime import timedelta

from django.utils import timezone

from bihuan.customers.models import Use
from bihuan.fieldwork.models import Block, Deed, Order, WeakLine
from bihuan.kernel import clock
from fieldwork.test_appointments import a_crew
from web.desk.conftest import at_desk, now, walk  # noqa: F401 - fixtures

PLACE = "武进区花园街 8 号 3 幢 201 室"


def sent(at_desk, walk, cast):  # noqa: F811
    crew, case = a_crew(cast), walk("in_handling")
    due = f"{timezone.localtime(clock.now() + timedelta(hours=20)):%Y-%m-%dT%H:%M}"
    owner = at_desk("ma")
    assert "派给班组" in owner.see(f"/cases/{case.number}/repairs/").content.decode()
    told = {"crew": crew.pk, "product": "家宽 500M", "fault": "光猫红灯", "place": PLACE, "due": due}
    assert owner.step(case, "repairs", **told).status_code == 302
    return case, Order.objects.get()


def test_a_worker_takes_it_on_the_phone_repairs_it_and_the_answer_is_offered(at_desk, walk, cast):  # noqa: F811
    case, order = sent(at_desk, walk, cast)
    worker, base = at_desk("te"), f"/fieldwork/orders/{order.pk}"
    page = worker.see("/fieldwork/mine/").content.decode()
    assert "光猫红灯" in page and PLACE not in page and PLACE not in worker.see(f"{base}/").content.decode()
    for _twice in range(2):
        again = worker.client.post(
            f"{base}/departure/", {"key": "a1", "pressed": clock.now().isoformat(), "back": "mine"}
        )
        assert again.status_code == 302
    assert Deed.objects.count() == 1
    called = worker.client.post(f"{base}/contact/")
    assert PLACE in called.content.decode() and "tel:13912345678" in called.content.decode()
    assert Use.objects.filter(purpose="visit", staff_id=cast.te.pk, subject=case.number).exists()
    assert at_desk("an").client.post(f"{base}/contact/").status_code == 403
    assert worker.client.post(f"{base}/completion/", {"text": "", "key": "b"}).status_code == 422
    bad = worker.client.post(f"{base}/completion/", {"text": "换尾纤", "after": "红", "key": "b"})
    assert bad.status_code == 422 and "光功率请写成" in bad.content.decode()
    done = {"text": "换尾纤", "before": "-30", "after": "-28.3", "key": "b"}
    assert worker.client.post(f"{base}/completion/", done).status_code == 302
    assert worker.client.post(f"{base}/contact/").status_code == 403
    assert "维修已有结果，请答复客户" in at_desk("ma").see(f"/cases/{case.number}/").content.decode()

    line = WeakLine.objects.get()
    light = worker.see("/fieldwork/light/").content.decode()
    assert "-28.30" in light
    cleaned = {"status": "done", "measured": "-20.5", "note": "重做接头"}
    assert at_desk("ma_wx").client.post(f"/fieldwork/light/{line.pk}/state/", cleaned).status_code == 404
    assert worker.client.post(f"/fieldwork/light/{line.pk}/state/", cleaned).status_code == 302
    assert WeakLine.objects.get().status == "done"
    manager = at_desk("gu")
    assert manager.client.post("/fieldwork/light/limits/", {"lowest": "-8", "highest": "-27"}).status_code == 422
    assert manager.client.post("/fieldwork/light/limits/", {"lowest": "-25", "highest": "-8"}).status_code == 302


def test_control_lists_tiers_and_files(at_desk, walk, cast):  # noqa: F811
    case, order = sent(at_desk, walk, cast)
    centre = a_crew(cast, name="调度中心", tier="centre", unit=cast.units["mt_cz"].id, members=[])
    worker, base = at_desk("te"), f"/fieldwork/orders/{order.pk}"
    held = {"what": "no_resource:port", "expected": f"{clock.now() + timedelta(days=3):%Y-%m-%d}", "note": "等扩容"}
    assert worker.client.post(f"{base}/obstacle/", {**held, "expected": "2020-01-01"}).status_code == 422
    assert worker.client.post(f"{base}/obstacle/", held).status_code == 302
    assert "没有空闲端口" in worker.see("/fieldwork/blocks/", kind="no_resource").content.decode()
    block = Block.objects.get()
    assert worker.client.post(f"/fieldwork/blocks/{block.pk}/release/", {"outcome": "已扩容"}).status_code == 302
    assert "已扩容" in worker.see("/fieldwork/blocks/", kind="no_resource", show="ended").content.decode()
    assert worker.client.post(f"{base}/measurement/", {"before": "-21", "key": "m"}).status_code == 302
    assert worker.client.post(f"{base}/tier/", {"crew": centre.pk, "why": "局端数据错"}).status_code == 302
    assert worker.client.post(f"{base}/arrival/", {"key": "z"}).status_code == 403
    page = at_desk("li").see("/fieldwork/orders/", tier="centre").content.decode()
    assert f"#{order.pk}" in page
    for file in ("orders/export/", "blocks/export/?kind=no_resource&show=ended", "light/export/"):
        assert at_desk("li").see(f"/fieldwork/{file}").status_code == 200
        assert worker.see(f"/fieldwork/{file}").status_code == 403
    assert at_desk("ma").client.post(f"{base}/cancellation/", {"text": "已恢复"}).status_code == 302
    assert "维修单转出" in at_desk("ma").see(f"/cases/{case.number}/").content.decode()
    assert at_desk("ma_wx").see(f"{base}/").status_code == 404
    assert now(case).status == "in_handling"
