"""Notices to staff (站内通知): what a colleague has to know, about which case, kept until she has read it."""
