"""Bihuan 闭环: one loop for every complaint a telecom operator receives."""
