"""Evidence packs over the API."""

from django.test import Client

from bihuan.identity.models import AuditEntry


def test_asked_for_listed_and_taken_away(api, cast, settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path
    case = cast.case()
    made = api("di").step(case, "packs", {"purpose": "audit"})
    assert (made.status, made.json["state"], made.json["plain"]) == (201, "ready", False)
    assert api("di").get(f"/complaints/{case.number}/packs").json["items"][0]["id"] == made.json["id"]
    client = Client(headers={"Authorization": f"Bearer {cast.token('di', 'case.read', 'case.export', 'case.handle')}"})
    answer = client.get(made.json["href"])
    content = b"".join(answer.streaming_content)
    assert (len(content), answer["Content-Type"]) == (made.json["size"], "application/zip")
    assert AuditEntry.objects.filter(kind="export", subject=case.number).exists()
    assert api("an").step(case, "packs", {"purpose": "audit"}).status == 403
    assert api("di_wx").step(case, "packs", {"purpose": "audit"}).status == 404
