"""A customer's personal data can be deleted for good; her complaint stays and its chain stays whole."""

import io
from argparse import Namespace
from typing import Any

import pytest

from bihuan.cases.actions import CUSTOMER
from bihuan.cases.models import CaseEvent
from bihuan.cases.verify import verify
from bihuan.catalog.models import Node
from bihuan.customers import actions
from bihuan.customers.models import Party, Use
from bihuan.flow import actions as flow
from bihuan.flow import aftercare, cli, forgetting
from bihuan.handling import actions as handling
from bihuan.handling import confirming, evidence, pack_checking, packs, recordings
from bihuan.handling.models import Evidence, Pack, Recording, Reply
from bihuan.handling.pack_writing import Contents
from bihuan.identity.models import AuditEntry
from bihuan.kernel.errors import Conflict, RuleError
from bihuan.kernel.models import Message
from bihuan.revisit import actions as revisit
from bihuan.revisit import closing
from bihuan.revisit.models import Survey
from bihuan.revisit.review import Review
from bihuan.sla.models import Deadline
from bihuan.web.desk import sentences
from bihuan.web.desk.names import Names
from cast import Cast

pytestmark = pytest.mark.django_db


def test_forgetting_leaves_nothing_that_leads_to_the_customer(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    case = cast.case(content="请回电 13800001111，家里三天没有信号。")
    (forget,) = [one.run for one in cli.OPERATIONS if one.name == "forget"]
    with pytest.raises(RuleError, match="--yes"):
        forget(Namespace(number=case.number, reason="asked", all=False, yes=False))
    assert Party.objects.get(pk=case.party_id).sealed is not None
    assert forget(Namespace(number=case.number, reason="asked", all=False, yes=True)) == 0
    party = Party.objects.get(pk=case.party_id)
    assert (party.sealed, party.masks, party.phone_index, party.line_index) == (None, {}, None, None)
    assert not Message.objects.filter(recipient_id=case.party_id).exclude(body=b"").exists()
    with pytest.raises(RuleError, match="已依法删除"):
        actions.reveal(case.party_id, ["phone"], cast.an.id, "contact", case.number)
    assert not Use.objects.exists()
    assert list(verify()) == []
    assert AuditEntry.objects.get(kind="forget").subject == case.number
    assert "13912345678" not in capsys.readouterr().out


def test_files_packs_recordings_and_words_go_digests_stay(
    cast: Cast, capsys: pytest.CaptureFixture[str], settings: Any, tmp_path: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    settings.EVIDENCE_DIR = tmp_path
    case, other, shared = cast.case(), cast.case(), b"%PDF-1.4 bill of both"
    flow.accept(case, cast.doer("di"), category="C0101")
    own, _seq = evidence.keep(case, cast.doer("an"), "photo", "身份证.pdf", b"%PDF-1.4 her own")
    both, _seq = evidence.keep(case, cast.doer("an"), "document", "账单.pdf", shared)
    theirs, _seq = evidence.keep(other, cast.doer("an"), "document", "账单.pdf", shared)
    recordings.allow("rec.example.com", "", cast.gu.id)
    handling.contact(case, cast.doer("an"), "call", "已联系", recording="https://rec.example.com/1")
    now = case.registered_at
    Survey.objects.create(case_id=case.id, sent_at=now, expires_at=now, digest=b"x", words="住在花园街 8 号，很生气")
    pack = packs.ask(case, cast.viewer("du"), "audit", plain=True)
    packs.build(pack, case, Contents({"number": case.number}, {"phone": "13912345678"}, {"case.html": b"<p>x</p>"}))
    held = b"".join(packs.content(pack))
    (forget,) = [one.run for one in cli.OPERATIONS if one.name == "forget"]
    with django_capture_on_commit_callbacks(execute=True):
        forget(Namespace(number=case.number, reason="asked", all=False, yes=True))
    told = capsys.readouterr().out
    assert "removed 2 evidence files" in told and "removed 1 evidence packs" in told and other.number in told
    assert {one.scan for one in Evidence.objects.filter(case_id=case.id)} == {"removed"}
    for gone in (own, both):
        gone.refresh_from_db()
        with pytest.raises(RuleError, match="removed"):
            evidence.content_of(gone)
    assert evidence.content_of(theirs) == shared and len(list(tmp_path.rglob("*.sealed"))) == 1
    assert Pack.objects.get(pk=pack.pk).state == "gone" and Pack.objects.get(pk=pack.pk).digest
    assert not Recording.objects.exclude(address="").exists() and not Survey.objects.exclude(words="").exists()
    assert list(verify()) == [] and pack_checking.check(io.BytesIO(held))[1] == []
    forget(Namespace(number=case.number, reason="asked", all=True, yes=True))
    assert Party.objects.get(pk=other.party_id).sealed is not None  # nothing leads from one to the other any more


def test_a_confirmed_and_a_waiting_answer_lead_to_nobody_afterwards(cast: Cast) -> None:
    number, (case, waiting) = "13800002222", (cast.case(), cast.case())
    for one in (case, waiting):
        flow.accept(one, cast.doer("an"), category="N0401")
        handling.contact(one, cast.doer("an"), "call", "没有人接", reached=False)
        flow.answer(one, cast.doer("an"), "sms", f"处理人安娜，原因基站断电，已恢复。请回电{number}。")
    confirming.confirm(case, cast.doer("an"), "call", f"她用{number}回电，说好了")
    forgetting.forget([case, waiting])
    for one in (case, waiting):
        party, events = Party.objects.get(pk=one.party_id), CaseEvent.objects.filter(case_id=one.id)
        assert party.sealed is None and not party.masks
        held = [*events.values_list("payload", "why"), *Reply.objects.filter(case_id=one.id).values()]
        assert number not in str(held) and "13912345678" not in str(held)
        assert not Message.objects.filter(recipient_id=one.party_id).exclude(body=b"").exists()
    waiting.refresh_from_db()
    with pytest.raises(Conflict, match="没有等待客户确认"):
        confirming.confirm(waiting, CUSTOMER)  # nobody can be asked any more
    assert Reply.objects.get(case_id=waiting.id).settled == "over" and not waiting.flags
    assert not Deadline.objects.filter(kind="confirmation", ended_at=None).exists()
    last = CaseEvent.objects.filter(case_id=waiting.id).order_by("-seq").first()
    assert last is not None and (last.kind, last.payload) == ("confirmation_dropped", {"because": "forgotten"})
    assert "已依法删除" in sentences.entry(last, Names(), {}).title + str(sentences.entry(last, Names(), {}))
    told = Review(Node.objects.filter(tree="cause", level=3)[0].code, ["kpi"])
    assert closing.unreachable(waiting).met and "unreachable" in closing.exceptions(waiting)
    revisit.attempt(waiting, cast.doer("re"), "客户信息已删除，无法联系")
    aftercare.ask_closing(waiting, cast.viewer("re"), "unreachable", cast.du.pk, told, "客户要求删除信息，无法回访")
    aftercare.decide_closing(waiting, cast.doer("du"), approved=True)
    assert waiting.status == "closed" and list(verify()) == [] and forgetting.forget([waiting])["waits"] == 0
