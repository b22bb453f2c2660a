"""Evidence in `bihuan verify`: each file's digest is the one its case's chain holds, and on request its bytes are looked at."""

from collections.abc import Iterator

from django.db import connection

from bihuan.cases.verify import Finding
from bihuan.handling import evidence

_ROWS = """
SELECT e.id, e.digest, e.scan, c.number, v.payload->>'sha256'
FROM handling_evidence e JOIN cases_case c ON c.id = e.case_id
LEFT JOIN cases_caseevent v
  ON v.case_id = e.case_id AND v.kind = 'evidence_added' AND v.payload->>'evidence' = e.id::text
ORDER BY e.id
"""


def verify(contents: bool) -> Iterator[Finding]:
    """Files whose digest is not the one on their case's chain, and with `contents` those gone or altered on disk. Names of
    files stay out: they may tell who a customer is."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS)
        while rows := cursor.fetchmany(1000):
            for ident, digest, scan, number, told in rows:
                if bytes(digest).hex() != told:
                    detail = f"file {ident}: its digest is not the one on the chain"
                    yield Finding("evidence.digest_altered", number, detail)
                elif contents and scan != "removed" and evidence.read(bytes(digest)) is None:
                    yield Finding("evidence.file_altered", number, f"file {ident} is gone or was changed on disk")
