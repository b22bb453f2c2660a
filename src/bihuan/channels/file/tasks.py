"""Imports asked for on a page, done by the jobs process. A job killed half-way is queued again and goes on."""

from bihuan.kernel import queue
from bihuan.kernel.errors import RuleError


def take_in(job_id: int) -> None:
    """Run the job; a refusal is written on it and is no reason to try again."""
    from bihuan.channels.file.models import ImportJob
    from bihuan.channels.file.run import run

    if ImportJob.objects.filter(pk=job_id, state=ImportJob.State.STOPPED).exists():
        return
    try:
        run(job_id)
    except RuleError as refused:
        if refused.code == "import.running":
            raise


run_import = queue.task("import.run", attempts=3)(take_in)
