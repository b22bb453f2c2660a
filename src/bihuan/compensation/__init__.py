"""Money for a customer: refund, bill adjustment, compensation, a symbolic gift; limits per role, budgets, approvals.

Amounts are decimal yuan with two places, never floats. Event kinds: compensation_proposed compensation_approved
compensation_granted compensation_rejected compensation_paid compensation_reversed. Each approval has a term
(`sla.deadlines`, kind `approval`).
"""
