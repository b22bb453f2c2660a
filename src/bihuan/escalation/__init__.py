"""The graded escalation procedure (分级升级办法): one for all cities, data with versions. It says what is done at which level
before and after a limit; `flow.escalation` does it, in the same transaction as the watch's fact."""
