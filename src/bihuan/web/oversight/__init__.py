"""Who inspects (management, duty managers, leaders), who has to put things right (any unit, partners too), and the few who
keep files on leaks.

- demands: an inspector looks on Monday what is late and what waits for her acceptance; a unit's lead sees what to put right
  by when and reports it from a phone.
- patrols: the inspector ticks the list of points on her phone in the hall; the leader reads on one line where something was
  wrong.
- evaluations: the management department keeps what an outside body found, its scores and its report, and turns findings
  into demands.
- leaks: the one or two who keep the files record a leak in ten minutes and the decision when it is made; nobody else finds
  the page.
"""
