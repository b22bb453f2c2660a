"""Event → next step: the whole process on one page.

registered ─ accept ─┬─ answer on the spot ──────────────────────────┐
                     └─ dispatch ─ receive ─ contact, wait ─ reply ──┴─ revisit ─┬─ satisfied: close
                            ▲          └─ return, recall ─┘                     └─ not: reopen ─ dispatch or handle
"""
