"""Whether the process lives (`/healthz`) and whether it can serve (`/readyz`); for balancers and the starter."""

import time

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from psycopg_pool import PoolTimeout

_complete = False
"""Migrations only ever go from missing to complete while a process runs; once seen, they are not read again."""


def healthz(request: HttpRequest) -> HttpResponse:
    """Always 200: the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and its tables are those of this program, else 503 with the reason."""
    global _complete
    began = time.monotonic()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _complete:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return _not_ready("migrations are missing")
            _complete = True
    except (DatabaseError, InterfaceError, PoolTimeout):
        return _not_ready("the database does not answer")
    return JsonResponse({"ready": True, "database_ms": round((time.monotonic() - began) * 1000, 1)})


def _not_ready(reason: str) -> HttpResponse:
    return JsonResponse({"ready": False, "reason": reason}, status=503)
