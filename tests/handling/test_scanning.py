"""A scanner is asked about each file: what is infected is shut away, what could not be asked about is caught up on."""

import socketserver
import threading

import pytest

from bihuan.cases.models import Case, CaseEvent
from bihuan.cases.verify import verify
from bihuan.handling import evidence, scanning
from bihuan.handling.models import Evidence
from bihuan.kernel import scanner
from bihuan.kernel.errors import RuleError
from bihuan.notices.models import Notice

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.BaseRequestHandler):
    """Speaks clamd's INSTREAM: lengths and pieces, then a verdict."""

    def handle(self):
        line = self.request.makefile("rb")
        if (asked := line.read(6)) == b"zPING\0":
            self.request.sendall(b"PONG\0")
            return
        assert asked + line.read(4) == b"zINSTREAM\0"
        held = b""
        while length := int.from_bytes(line.read(4), "big"):
            held += line.read(length)
        if b"EICAR" in held:
            self.request.sendall(b"stream: Eicar-Test-Signature FOUND\0")
        elif b"too large" in held:
            self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        else:
            self.request.sendall(b"stream: OK\0")


@pytest.fixture
def clamd():
    """The address of a scanner on loopback."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"tcp://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def case(cast, settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path
    return cast.case()


def test_an_infected_file_is_shut_away_and_told(case, cast, clamd, settings):
    settings.CLAMD = clamd
    kept, _seq = evidence.keep(case, cast.doer("an"), "document", "说明.txt", EICAR)
    assert (kept.scan, kept.found) == ("infected", "Eicar-Test-Signature")
    with pytest.raises(RuleError):
        evidence.content_of(Evidence.objects.get(pk=kept.pk))
    assert CaseEvent.objects.filter(case_id=case.id).order_by("-seq")[0].kind == "evidence_quarantined"
    assert Notice.objects.get(kind="file_infected").staff_id == cast.an.pk
    clean, _seq = evidence.keep(case, cast.doer("an"), "document", "b.txt", b"all is well")
    assert clean.scan == "clean"
    assert list(verify()) == []


def test_while_the_scanner_is_away_files_are_kept_and_scanned_later(case, cast, clamd, settings):
    settings.CLAMD = "tcp://127.0.0.1:1"
    for name, content in (("a.txt", EICAR), ("b.txt", b"all is well"), ("c.txt", b"too large to say")):
        kept, _seq = evidence.keep(case, cast.doer("an"), "document", name, content)
        assert kept.scan == "unscanned"
    assert scanning.run() == 0
    settings.CLAMD = clamd
    assert scanning.run() == 2
    assert list(Evidence.objects.order_by("id").values_list("scan", flat=True)) == ["infected", "clean", "unscanned"]
    assert CaseEvent.objects.filter(case_id=case.id, kind="evidence_quarantined").count() == 1
    assert Case.objects.get(pk=case.pk).event_count == CaseEvent.objects.filter(case_id=case.id).count()


@pytest.mark.parametrize("address", ["", "unix:/nowhere/clamd.ctl", "http://x", "tcp://", "nonsense"])
def test_no_scanner_is_no_verdict(settings, address):
    settings.CLAMD = address
    assert scanner.scan(b"x") is None
