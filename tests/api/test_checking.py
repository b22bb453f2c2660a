"""Callers checked and signatures kept over the API."""

import base64

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (600).to_bytes(4, "big") + (220).to_bytes(4, "big") + bytes(99)


def test_a_caller_is_checked_and_a_customer_signs(api, cast, settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path
    case = cast.case(relation="on_behalf", complained_number="13700002222")
    reveal = {"fields": ["complained_number"], "purpose": "contact"}
    assert api("an").step(case, "reveals", reveal).code == "caller.unchecked"
    assert api("an").step(case, "caller-codes").status == 201
    told = {"who": "王刚", "relation": "family", "means": "answers", "answered": ["bill", "since"]}
    assert api("an").step(case, "caller-checks", told).status == 201
    assert api("an").step(case, "reveals", reveal).json["fields"] == {"complained_number": "13700002222"}
    signed = {"kind": "work", "details": "更换分路器一只", "picture": base64.b64encode(PNG).decode()}
    assert api("an").step(case, "signatures", {**signed, "picture": "aGk="}).status == 422
    assert api("an").step(case, "signatures", signed).status == 201
    (one,) = api("an").get(f"/complaints/{case.number}/signatures").json["items"]
    assert one["holds"] and "更换分路器一只" in one["text"]
    assert api("di_wx").step(case, "signatures", signed).status == 404
