"""Headers on every answer, and one mapping of refused rules."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from bihuan.kernel.addresses import networks
from bihuan.kernel.errors import Conflict, NotFound, RuleError
from bihuan.web.middleware import ClientAddress, Errors, Headers


def _never(request: HttpRequest) -> HttpResponse:
    return HttpResponse("x")


def _refuse(error: RuleError, **headers: str) -> HttpResponse:
    request = RequestFactory().post("/cases/1/replies/", headers=headers)
    answer = Errors(_never).process_exception(request, error)
    assert answer is not None
    return answer


def test_every_answer_carries_the_content_policy(client: Client):
    answer = client.get("/login/")
    assert answer["Content-Security-Policy"].startswith("default-src 'self'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


def test_a_signed_in_readers_pages_are_never_stored():
    request = RequestFactory().get("/")
    request.COOKIES["sessionid"] = "x"
    assert Headers(_never)(request)["Cache-Control"] == "no-store"


def test_a_strangers_page_may_be_stored():
    assert not Headers(_never)(RequestFactory().get("/")).has_header("Cache-Control")


def test_a_refused_rule_goes_to_the_messages_corner_of_an_htmx_page():
    answer = _refuse(RuleError("reply.empty", "还没有写答复。", field="text"), **{"HX-Request": "true"})
    assert answer.status_code == 422
    assert answer["HX-Retarget"] == "#toasts"
    assert 'data-field="text"' in answer.content.decode()
    assert "还没有写答复。" in answer.content.decode()


def test_a_refused_rule_is_a_page_for_a_plain_form():
    answer = _refuse(Conflict("case.changed", "张三 刚改过。"))
    assert answer.status_code == 409
    assert "<!doctype html>" in answer.content.decode()
    assert "张三 刚改过。" in answer.content.decode()


def test_what_a_message_says_cannot_become_markup():
    answer = _refuse(RuleError("x", "<img src=x onerror=alert(1)>"), **{"HX-Request": "true"})
    assert "<img" not in answer.content.decode()


def test_what_a_reader_may_not_see_does_not_exist_for_him():
    answer = _refuse(NotFound("case"))
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()


def test_the_kernels_own_refusals_are_said_in_english_to_english_readers():
    with translation.override("en"):
        answer = _refuse(NotFound("case"), **{"HX-Request": "true"})
    assert "Not found, or you may not see it" in answer.content.decode()


def test_other_errors_are_not_swallowed():
    assert Errors(_never).process_exception(RequestFactory().get("/"), ValueError("x")) is None


@pytest.mark.parametrize(("language", "said"), [("zh-CN", "没有找到"), ("en-GB", "Not found")])
def test_an_unknown_address_answers_in_the_readers_language(client: Client, language: str, said: str):
    answer = client.get("/no/such/page/", headers={"Accept-Language": language})
    assert answer.status_code == 404
    assert said in answer.content.decode()
    assert "no/such/page" not in answer.content.decode()


def test_a_form_from_a_stale_page_is_told_what_to_do():
    answer = Client(enforce_csrf_checks=True).post("/login/", {"username": "a", "password": "b"})
    assert answer.status_code == 403
    assert "草稿" in answer.content.decode() or "draft" in answer.content.decode()


@pytest.mark.parametrize(("peer", "noted"), [("10.0.0.7", "198.51.100.9"), ("203.0.113.4", "203.0.113.4")])
def test_the_client_stands_in_the_log_only_where_the_proxy_is_declared(settings, peer: str, noted: str) -> None:
    settings.TRUSTED_PROXIES = networks(["10.0.0.0/8"])
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "1.2.3.4, 198.51.100.9"}, REMOTE_ADDR=peer)
    ClientAddress(_never)(request)
    assert request.META["REMOTE_ADDR"] == noted
