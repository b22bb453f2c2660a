"""Oversight (监督检查): patrols 巡查, third-party evaluations 第三方评估, what has to be rectified 整改要求, leaks 泄密 and their
sanctions. Of units, halls and partners; one case is supervised in the room `supervision`."""
