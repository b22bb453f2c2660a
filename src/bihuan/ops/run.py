"""`bihuan run`: database, tables, first data, web and jobs, brought up together and taken down together."""

import argparse
import json
import os
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import Any

from bihuan.kernel.errors import RuleError
from bihuan.ops import first_start, ground, messages
from bihuan.ops.family import Child, Family
from bihuan.ops.first_start import Prepared

_READY_SECONDS = 90.0
_PORTS_TRIED = 50
_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(arguments: argparse.Namespace) -> int:
    """Bring everything up, print where it is, keep it up until SIGINT, SIGTERM or SIGHUP. Exit code 0 when asked to end."""
    # until the children run, every wish to end is an interruption
    for sign in _ENDINGS:
        signal.signal(sign, signal.default_int_handler)
    if arguments.port:
        choose_port(arguments.host, arguments.port)  # a taken port is said at once, not after the first seeding
    messages.compile_stale()
    ground.migrate()
    _reach(arguments)
    prepared = first_start.prepare(_data(), empty=arguments.empty)
    (_data() / "static").mkdir(exist_ok=True)
    port = choose_port(arguments.host, arguments.port)
    ground.close_connections()
    env = {"BIHUAN_DEMO": "1" if prepared.demo else "0", "PYTHONUNBUFFERED": "1"}
    if prepared.demo and not os.environ.get("BIHUAN_SITE"):
        env["BIHUAN_SITE"] = _address(arguments.host, port)  # so that links in the demo's messages lead here
    told = _until_told()
    with Family([Child("web", web_command(arguments.host, port), env), Child("jobs", _jobs(), env)]) as family:
        ready = _await(family, f"{_address(arguments.host, port)}readyz", told)
        if ready:
            _tell(_facts(arguments.host, port, prepared), as_json=arguments.json)
        while ready and not told.wait(0.2):
            family.look_after()
    return 0


def _reach(arguments: argparse.Namespace) -> None:
    """Links in the messages of the demo's month lead here, where no public address is set."""
    from django.conf import settings

    settings.SITE = settings.SITE or _address(arguments.host, arguments.port or 8000)


def _until_told() -> threading.Event:
    told = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        told.set()

    for sign in _ENDINGS:
        signal.signal(sign, stop)
    return told


def _data() -> Path:
    from django.conf import settings

    return Path(settings.DATA_DIR)


def choose_port(host: str, wanted: int | None) -> int:
    """The wanted port, which must be free (0: any); without a wish 8000 or the next free one."""
    if wanted is not None:
        found = _bindable(host, wanted)
        if found is None:
            raise RuleError("port.taken", f"port {wanted} is in use: choose another --port")
        return found
    for port in range(8000, 8000 + _PORTS_TRIED):
        if _bindable(host, port) is not None:
            return port
    raise RuleError("port.taken", f"ports 8000 to {8000 + _PORTS_TRIED - 1} are in use: choose a --port")


def _bindable(host: str, port: int) -> int | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            # another server's listening socket only shows when we would listen too
            probe.listen()
        except OSError:
            return None
        return int(probe.getsockname()[1])


def web_command(host: str, port: int) -> list[str]:
    """How the web server is started: as many workers as set, each put back when it dies."""
    from django.conf import settings

    options = ["--interface", "asgi", "--host", host, "--port", str(port), "--workers", str(settings.WEB_WORKERS)]
    care = ["--respawn-failed-workers", "--respawn-interval", "0.2", "--workers-kill-timeout", "4"]
    quiet = ["--log-level", "warning", "--no-ws"]
    return [sys.executable, "-m", "granian", *options, *care, *quiet, "bihuan.ops.serve:application"]


def _jobs() -> list[str]:
    return [sys.executable, "-m", "bihuan.cli", "jobs"]


def _address(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}/"


def _await(family: Family, url: str, told: threading.Event) -> bool:
    """True when the web answers that it is ready; False when we were told to end; raises after a minute and a half."""
    limit, reason = time.monotonic() + _READY_SECONDS, "no answer"
    while time.monotonic() < limit:
        if told.wait(0.1):
            return False
        family.look_after()
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 (our own loopback address)
                return True
        except urllib.error.HTTPError as error:
            reason = error.read().decode("utf-8", "replace").strip()
        except OSError as error:
            reason = str(error)
    raise RuleError("web.not_ready", f"the web process did not become ready: {reason}")


def _facts(host: str, port: int, known: Prepared) -> dict[str, Any]:
    address = _address(host, port)
    return {
        "url": address,
        "port": port,
        "pid": os.getpid(),
        "data": str(_data()),
        "logins": known.logins,
        "api_token": known.api_token,
        "revisit_token": known.revisit_token,
        "openapi": f"{address}api/v1/openapi.json",
        "outbox": f"{address}dev/outbox/" if known.demo else None,
    }


def _tell(facts: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(facts, ensure_ascii=False), flush=True)
        return
    lines = [f"\n  Bihuan 闭环   {facts['url']}", ""]
    width = max((len(login["username"]) for login in facts["logins"]), default=0)
    for login in facts["logins"]:
        lines.append(f"  {login['username']:<{width}}  {login['password']}  {login['name']} ({login['role']})")
    if not facts["logins"]:
        lines.append("  Sign in as sysadmin, secadmin or auditor; forgotten passwords: bihuan administrators")
    lines += ["", f"  API token  {facts['api_token'] or '-'}"]
    if facts["revisit_token"]:
        lines.append(f"  … revisits {facts['revisit_token']}  (nobody revisits what he handled)")
    lines.append(f"  OpenAPI    {facts['openapi']}")
    if facts["outbox"]:
        lines.append(f"  Messages   {facts['outbox']}  (nothing is really sent)")
    print("\n".join([*lines, f"  Data       {facts['data']}", "", "  Ctrl-C stops everything.", ""]), flush=True)
