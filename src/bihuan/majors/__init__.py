"""Reports on urgent and major complaints (重大投诉报告): a named interface person leads, writes and hands the report in.

Event kinds: report_begun report_drafted report_handed_in. The report's date is a term (`sla.deadlines`, kind `report`).
"""
