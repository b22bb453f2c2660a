"""Operations of the house itself: run, jobs, migrate, messages, manage, evaluate."""

import argparse

from bihuan.kernel.operations import Operation
from bihuan.ops.evaluate import EVALUATE


def _run(arguments: argparse.Namespace) -> int:
    from bihuan.ops import run

    return run.run(arguments)


def _run_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, metavar="N", help="port (default: 8000, or the next free one)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--empty", action="store_true", help="no demo operator on the first start")
    parser.add_argument("--json", action="store_true", help="print address, logins and token as one JSON object")


def _jobs(arguments: argparse.Namespace) -> int:
    from bihuan.ops import jobs

    return jobs.run()


def _migrate(arguments: argparse.Namespace) -> int:
    from bihuan.ops import ground

    print(f"{ground.migrate()} migrations applied")
    return 0


def _messages(arguments: argparse.Namespace) -> int:
    from bihuan.ops import messages

    compiled = messages.compile_stale()
    if not arguments.check:
        print(f"{compiled} catalogs compiled")
        return 0
    found = messages.findings()
    for finding in found:
        print(f"{finding.place}: {finding.reason}: {finding.text}")
    return 1 if found else 0


def _messages_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="also list every text without English (exit code 1)")


def _administrators(arguments: argparse.Namespace) -> int:
    from bihuan.identity import founding

    for login in founding.administrators():
        print(f"{login['username']:<10} {login['password']}  {login['name']}")
    return 0


def _migrations(arguments: argparse.Namespace) -> int:
    from bihuan.ops import ground

    missing = ground.unwritten_migrations()
    for name in missing:
        print(f"{name}: the models changed, write a migration: bihuan manage makemigrations")
    return 1 if missing else 0


def _manage(arguments: argparse.Namespace) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["bihuan manage", *arguments.rest])
    return 0


def _manage_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="COMMAND …", help="a Django command and its options")


OPERATIONS = [
    Operation("run", "start database, web and jobs, print address and logins, stop all on Ctrl-C", _run, _run_options),
    Operation("jobs", "run the periodic tasks and queued jobs (part of run)", _jobs),
    Operation("migrate", "bring the database's tables to this version", _migrate),
    Operation(
        "messages", "compile the English texts; --check lists what lacks one", _messages, _messages_options, False
    ),
    Operation("administrators", "give the three administrators new passwords and print them", _administrators),
    Operation("migrations", "name the rooms whose models lack a migration (exit code 1)", _migrations, database=False),
    Operation("manage", "Django's own management commands", _manage, _manage_options),
    EVALUATE,
]
