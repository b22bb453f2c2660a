"""Time limits: calendars, clocks, policies, and the watch that lets nothing pass unseen.

A *policy* is a promise ("72 hours until closed"), data with versions. A *clock* is one policy running on one case.
Clocks change only through events of the case, so each can be recomputed from the events and told in words.

Pure (no ORM):

    calendar.Calendar.add(start, duration) -> datetime          due moment, UTC
    calendar.Calendar.between(a, b) -> timedelta                worked time
    durations.Duration.parse("72h" | "PT72H" | "15d" | "5wd" | 2700)
    clocks.ClockState, clocks.start/pause/resume/stop/reopen/retarget/advance
    book.PolicyBook.started_by(kind, facts, at) -> list[NewClock]
    book.PolicyBook.changes(kind, facts, at, clocks, history=()) -> Changes(updates, starts)
    book.nearest(clocks) -> Nearest | None                      (due_at, policy_id, code, owner) of the next running one
    explain.explain(...) -> str

With the database:

    queries.book() -> PolicyBook                                cached snapshot, at most 1 s old
    actions.seed() -> int                                       idempotent: shipped calendars, days, policies
    actions.apply(steps: Sequence[Step]) -> dict[int, Nearest | None]
        Step(case_id, kind, facts, at, reason="", area_id=None); inside the caller's transaction, constant statements;
        answers each case's nearest running limit afterwards (None: nothing runs)
    queries.clocks_of(case_id) -> list[ClockView];  queries.chip(case_ids, at) -> dict[int, Chip]
    watch.sweep(now) -> int                                     facts written; call each second

Intake, where the case row is inserted in one unnest statement:

    new = book.started_by("registered", facts, at)              # [] when nothing applies
    near = nearest(new)                                         # for case.next_due_at/next_due_policy/next_due_owner
    rows += [clock.row(case_id, area_id) for clock in new]      # tuples in the order of models.CLOCK_COLUMNS
    # models.CLOCK_INSERT is the finished "INSERT … SELECT … FROM unnest(%s::bigint[], …)" text; its parameters are
    # models.columns(rows), one list a column

Facts a condition may ask for (plain values; a missing one equals ""): service_type (fault|complaint|enquiry|request),
urgency (normal|important|major|urgent), impact, complexity (simple|normal|complex), category (dotted code, asked by
prefix), channel, source_system, customer_level (int), appeal_body (""|miit|12300|12345|12315), province, unit, product.

Event kinds: registered accepted declined classified dispatched received returned recalled redispatched
handling_started contacted waiting resumed evidence_added replied revisited closed reopened withdrawn merged chased
priority_changed escalated; the watch writes clock_warned clock_breached clock_escalated.
`Nearest.owner` is a small int, `policies.Owner`; `case.next_due_policy` should hold `Nearest.policy_id` (or `.code`).
"""
