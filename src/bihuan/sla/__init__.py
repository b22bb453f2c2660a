"""Time limits: calendars, clocks, policies, and the watch that lets nothing pass unseen.

A *policy* is a promise ("72 hours until closed"), data with versions. A *clock* is one policy running on one case.
Clocks change only through events of the case, so each can be recomputed from the events and told in words.

Pure (no ORM):

    calendar.Calendar.add(start, duration) -> datetime          due moment, UTC
    calendar.Calendar.between(a, b) -> timedelta                worked time
    durations.Duration.parse("72h" | "PT72H" | "15d" | "5wd" | 2700)
    clocks.ClockState, clocks.start/pause/resume/stop/cancel/reopen/retarget/advance
    book.PolicyBook.started_by(kind, facts, at) -> list[NewClock]
    book.PolicyBook.changes(kind, facts, at, clocks, history=()) -> Changes(updates, starts)
    book.PolicyBook.standing(clocks) -> Standing(due_at, policy, owner, limit_at, paused)
    explain.explain(told, promises, lang, now) -> str;  fold.fold(history, book_at) -> list[Told]

With the database:

    queries.book() -> PolicyBook                                cached by settings version
    actions.seed() -> dict[str, int]                            idempotent: shipped calendars, days off, policies
    actions.apply(steps: Sequence[Step]) -> dict[int, Standing]
        Step(case_id, kind, at, facts=None, area_id=None); in the caller's transaction, after the event was appended,
        case rows locked, at most four statements; facts None: as the chain says; answers what each case row keeps:
        next_due_at, next_due_policy, next_due_owner, limit_at, paused = standing
    queries.clocks_of(case_id, at) -> list[ClockView];  queries.chips(case_ids, at) -> {case_id: Chip}
    watch.sweep(now) -> int                                     facts written; watch.run() each second
    steps.take(case, verb, doer, …), steps.follow(case, kind, at), steps.keep(case_ids)
    replay.stories(case_id, lang, now) -> list[Story]           each clock in words, for the case page
    replay.differences(case_ids | None, now)                    stored clocks against the events
    editing.edit_policy/add_policy/switch_policy/adopt, edit_calendar, enter_year, settle, versions
    queries.missing_years(at) -> [(region, year)]               to be shown to whoever keeps the calendars

Intake, where the case rows are inserted in one statement:

    new = book.started_by("registered", facts, at)              # [] when nothing applies
    due_at, policy, owner, limit_at, paused = book.standing(new)
    rows += [clock.row(case_id, area_id) for clock in new]      # tuples in the order of models.CLOCKS
    # models.CLOCKS is a kernel BulkTable: CLOCKS.insert(), CLOCKS.parameters(rows), kernel.bulk.together(...)

Facts a condition may ask for (plain values; a missing one equals ""): service_type (fault|complaint|enquiry|request),
urgency (normal|important|major|urgent), impact (single|several|area|wide), complexity (simple|normal|complex), category
(code, asked by prefix), channel, source_system, customer_level (int), flags (list), province (area id), unit,
unit_kind, rural (bool); appeal_body (miit|12300|12345|12315) and appeal_status for what a public body passed on.
On `waiting`, `pauses` False says that the reason does not stop the clocks; on `contacted`,
`reached` False contacts no one.

Event kinds: registered accepted declined classified dispatched received returned recalled redispatched
handling_started contacted waiting resumed evidence_added first_replied replied revisited closed reopened withdrawn merged chased
priority_changed customer_changed escalated; of appeals appeal_received appeal_step appeal_answered appeal_ended
appeal_resumed; the watch writes clock_warned clock_breached clock_escalated.
After `classified`, `priority_changed` and `customer_changed` other promises may apply; used time is never lost.
"""
