"""Asking up: a hard case put to the duty manager (现场答疑), a customer's case pleaded to who may decide it (代客请示)."""
