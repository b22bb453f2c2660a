"""Importing a CSV of finished orders against COPY of exactly the same rows into the same tables.

Ours: `bihuan import`'s own verb on a file of orders it has never seen, all of it: reading, dates, words to codes, personal
data out of texts, encryption, hash chains, known numbers looked up, rows written with all indexes, chunk by chunk in
durable transactions. Baseline: the rows that are then in the tables are written out, the tables emptied, and the same
rows streamed back by COPY, a table after the other, by one connection that does nothing else.
"""

import csv
import itertools
import random
import time
from pathlib import Path
from typing import Any

from benchmarks import _ground


def write_orders(path: Path, count: int) -> None:
    """A CSV as the complaint support system of Changzhou exports it: real-looking orders, each with its own customer."""
    from bihuan.demo.changzhou import SUPPORT_COLUMNS
    from bihuan.demo.changzhou_orders import MONTHS, SUPPORT, orders

    rng = random.Random(42)
    pool = [order for month in MONTHS if month.system == SUPPORT for order in orders(month)]
    lines = [[value(order) for _heading, _width, value in SUPPORT_COLUMNS] for order in pool]
    headings = [heading for heading, _width, _value in SUPPORT_COLUMNS]
    number, phone, line = (headings.index(name) for name in ("工单号", "联系电话", "业务号码"))
    units = {headings.index("受理部门"): "客服中心", headings.index("责任部门"): "维护部"}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        for place, cells in zip(range(count), itertools.cycle(lines)):
            row = list(cells)
            row[number] = f"B{place:09d}"
            row[phone] = f"139{rng.randrange(10**8):08d}"
            row[line] = f"0519{rng.randrange(10**8):08d}" if place % 3 else row[phone]
            for at, unit in units.items():
                row[at] = unit if row[at] else None
            writer.writerow(row)


def imported(path: Path) -> dict[str, Any]:
    """Import the file; answers what became of it and the seconds it took, looking at the file included."""
    from bihuan.channels.file import actions
    from bihuan.channels.file.run import run

    began = time.perf_counter()
    job = actions.open_file(path, actions.Wishes(mapping="changzhou"))
    job = run(job.pk)
    return {"seconds": time.perf_counter() - began, "created": job.created, "failed": job.failed}


def copied(folder: Path) -> tuple[float, int]:
    """(seconds, rows) of writing what is in the tables once more, by COPY alone, into the emptied tables."""
    from django.db import connection, transaction

    from bihuan.intake.batch import TABLES

    files = {table: folder / f"{table.name}.copy" for table in TABLES}
    rows = 0
    with connection.cursor() as cursor:
        for table, file in files.items():
            listed = ", ".join(f'"{name}"' for name in table.names)
            with (
                file.open("wb") as out,
                cursor.copy(f"COPY (SELECT {listed} FROM {table.name} ORDER BY id) TO STDOUT") as stream,
            ):
                for block in stream:
                    out.write(block)
            rows += cursor.rowcount
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table.name} DISABLE TRIGGER USER")
        cursor.execute("TRUNCATE " + ", ".join(table.name for table in TABLES))
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table.name} ENABLE TRIGGER USER")
        cursor.execute("CHECKPOINT") if _superuser(cursor) else None
        began = time.perf_counter()
        for table, file in files.items():
            with transaction.atomic(), file.open("rb") as source, cursor.copy(table.copy()) as stream:
                while block := source.read(1 << 18):
                    stream.write(block)
        seconds = time.perf_counter() - began
    for file in files.values():
        file.unlink()
    return seconds, rows


def _superuser(cursor: Any) -> bool:
    cursor.execute("SELECT pg_has_role(current_user, 'pg_checkpoint', 'member')")
    return bool(cursor.fetchone()[0])


def main() -> None:
    """Generate, import, copy, print the ratio."""
    options = _ground.parser(__doc__ or "")
    options.add_argument("--rows", type=int, default=1_000_000, help="orders in the file")
    chosen = options.parse_args()
    with _ground.installation(chosen.folder) as data:
        file = data / "orders.csv"
        write_orders(file, chosen.rows)
        ours = imported(file)
        seconds, rows = copied(data)
        size = file.stat().st_size
        file.unlink()
    _ground.report(
        "import",
        {
            "orders": ours["created"],
            "refused": ours["failed"],
            "file_mb": round(size / 1024**2, 1),
            "table_rows": rows,
            "seconds": round(ours["seconds"], 1),
            "orders_per_second": round(ours["created"] / ours["seconds"], 1),
            "rows_per_second": round(rows / ours["seconds"], 1),
            "copy_seconds": round(seconds, 1),
            "copy_orders_per_second": round(ours["created"] / seconds, 1),
            "copy_rows_per_second": round(rows / seconds, 1),
            "ratio": round(seconds / ours["seconds"], 3),
        },
        chosen.json,
    )


if __name__ == "__main__":
    main()
