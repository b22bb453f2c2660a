"""The answer letter: nobody else's data, no plain data in the tables, and what was sent stays as it was."""

from io import BytesIO

import docx
import pytest
from django.db import IntegrityError, transaction

from appeals.appeals_cast import fresh, receive
from bihuan.appeals import actions, bodies, letters, papers
from bihuan.appeals.models import Body, Letter
from bihuan.cases.models import Case, CaseEvent
from bihuan.customers.models import Use
from bihuan.flow import actions as case_flow
from bihuan.flow import appeals as flow
from bihuan.handling import evidence
from bihuan.handling.models import Evidence
from bihuan.kernel import paper
from bihuan.kernel.errors import Conflict, Forbidden, NotFound, RuleError
from cast import Cast

TEXT = "通信管理局：\n申诉人 {姓名}（{电话}，来电 13912345678）反映的续费问题已核实，费用已退还。\n编号 {申诉编号}。"


def said(kept: Evidence) -> str:
    return "\n".join(line.text for line in docx.Document(BytesIO(evidence.content_of(kept))).paragraphs)


def copies(letter: Letter, case: Case) -> tuple[Evidence, Evidence]:
    row = Letter.objects.get(pk=letter.pk)
    return evidence.find(case.id, row.word_id or 0), evidence.find(case.id, row.pdf_id or 0)


@pytest.fixture(autouse=True)
def place(settings: object, tmp_path: object) -> None:
    settings.EVIDENCE_DIR = tmp_path  # type: ignore[attr-defined]


def test_the_proposal_tells_what_is_known_and_what_is_missing(cast: Cast) -> None:
    case, appeal = receive(cast)
    title, text = letters.proposal(appeal, case, "云江通信")
    assert "{申诉编号}" in title and "退还多收的 3 个月费用" in text and "{姓名}" in text
    assert papers.unfilled(text) == ["处理结果", "责任认定"]
    case_flow.accept(case, cast.doer("du"), category="C0101")
    case_flow.answer(case, cast.doer("du"), "call", "已退还三个月费用，客户认可。")
    actions.judge(case, appeal, cast.doer("du"), liable=True, reasonable=True)
    _title, text = letters.proposal(appeal, case, "云江通信")
    assert papers.unfilled(text) == [] and "已退还三个月费用" in text


def test_stored_it_holds_no_personal_data_and_on_paper_masks(cast: Cast) -> None:
    case, appeal = receive(cast)
    letter = letters.write(case, appeal, cast.doer("du"), "答复", TEXT)
    assert "13912345678" not in letter.text and "王小明" not in letter.text
    flow.send(cast.viewer("du"), case, appeal, letter.version)
    word, _pdf = copies(letter, case)
    assert "王**" in said(word) and "139****5678" in said(word) and appeal.number in said(word)
    assert "13912345678" not in said(word) and "王小明" not in said(word)


@pytest.mark.skipif(not paper.has_font(), reason="no Chinese font: apt-get install fonts-noto-cjk")
def test_word_and_pdf_are_kept_as_evidence(cast: Cast) -> None:
    case, appeal = receive(cast)
    letter = letters.write(case, appeal, cast.doer("du"), "答复", TEXT)
    event = flow.send(cast.viewer("du"), case, appeal, letter.version)
    word, pdf = copies(letter, case)
    assert word.media_type.endswith("wordprocessingml.document") and pdf.media_type == "application/pdf"
    assert event.payload["evidence"] == pdf.id and fresh(appeal).answered_at == event.at


def test_set_so_the_body_gets_plain_data_and_the_use_is_registered(cast: Cast) -> None:
    bodies.edit_body(Body.objects.get(code="miit").pk, {"masked": False}, cast.gu.pk)
    case, appeal = receive(cast)
    letter = letters.write(case, appeal, cast.doer("du"), "答复", TEXT)
    flow.send(cast.viewer("du"), case, fresh(appeal), letter.version)
    word, _pdf = copies(letter, case)
    assert "王小明（13912345678，来电 13912345678）" in said(word)
    use = Use.objects.get()
    assert use.staff_id == cast.du.pk and use.subject == case.number and set(use.fields) >= {"name", "phone"}


def test_without_the_right_to_reveal_nobody_sends_plain_data(cast: Cast) -> None:
    bodies.edit_body(Body.objects.get(code="miit").pk, {"masked": False}, cast.gu.pk)
    case, appeal = receive(cast)
    letter = letters.write(case, appeal, cast.doer("du"), "答复", TEXT)
    with pytest.raises(Forbidden):
        flow.send(cast.viewer("he"), case, fresh(appeal), letter.version)
    assert not Use.objects.exists() and not Evidence.objects.exists()


def test_somebody_elses_number_is_refused(cast: Cast) -> None:
    case, appeal = receive(cast)
    with pytest.raises(RuleError) as refused:
        letters.write(case, appeal, cast.doer("du"), "答复", TEXT + "另一位客户 13700000009 也反映过。")
    assert refused.value.code == "letter.foreign" and "13700000009" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "code"),
    [("已处理。", "letter.empty"), (TEXT + "{处理人}", "letter.placeholder"), ("", "letter.empty")],
)
def test_what_is_no_letter_is_refused(cast: Cast, text: str, code: str) -> None:
    case, appeal = receive(cast)
    with pytest.raises(RuleError) as refused:
        letters.write(case, appeal, cast.doer("du"), "答复", text)
    assert refused.value.code == code


def test_an_unfinished_letter_does_not_leave(cast: Cast) -> None:
    case, appeal = receive(cast)
    letter = letters.write(case, appeal, cast.doer("du"), "答复", TEXT + "{处理结果}")
    with pytest.raises(RuleError) as refused:
        flow.send(cast.viewer("du"), case, appeal, letter.version)
    assert refused.value.code == "letter.unfilled"


def test_each_change_is_a_version_and_the_sent_one_never_changes(cast: Cast) -> None:
    case, appeal = receive(cast)
    doer = cast.doer("du")
    first = letters.write(case, appeal, doer, "答复", TEXT)
    assert letters.write(case, appeal, doer, first.title, first.text).pk == first.pk
    second = letters.write(case, appeal, doer, "答复", TEXT + "特此答复。")
    assert second.version == 2
    flow.send(cast.viewer("du"), case, appeal, 2)
    with pytest.raises(Conflict):
        flow.send(cast.viewer("du"), case, fresh(appeal), 2)
    with pytest.raises(NotFound):
        letters.find(appeal, 9)
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=second.pk).update(text="换了一封信")
    third = letters.write(case, appeal, doer, "更正答复", TEXT + "更正如下。")
    flow.send(cast.viewer("du"), case, fresh(appeal), third.version)
    sent = CaseEvent.objects.filter(case_id=case.id, kind="appeal_answered").order_by("seq")
    assert [event.payload["letter"] for event in sent] == [2, 3]


def test_a_number_written_out_is_printed_in_full(cast: Cast) -> None:
    case, appeal = receive(cast, number="20260311320400123456")
    letter = letters.write(case, appeal, cast.doer("du"), f"关于 {appeal.number}", f"{TEXT}工单 {case.number}。")
    sheet = flow.draft_sheet(case, letter)
    assert appeal.number in sheet.title and case.number in "".join(sheet.paragraphs) and sheet.mark
