"""Complaints that come through public bodies (申诉): the telecom regulator, 12300, 12345, 12315.

An appeal stands beside the case it registered: its own number, conditions, status and clock. `rules` is pure; `actions`
are the verbs, each one event on the case; `papers` writes the answer letter. Registering the case, evidence and the
customer's reply belong to other rooms: `flow.appeals` brings them together.

Event kinds: appeal_received appeal_corrected appeal_judged appeal_drafted appeal_answered appeal_step appeal_ended
appeal_resumed. Facts for time limits: `appeal_body` (miit|12300|12345|12315), `appeal_status`.
"""
