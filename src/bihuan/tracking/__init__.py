"""Special tracking (专项跟踪): cases unresolved or dissatisfied again are followed by one owner until the customer is content.

Event kinds: tracking_begun tracking_noted tracking_handed tracking_ended. The next date is a term (`sla.deadlines`, kind
`tracking`).
"""
