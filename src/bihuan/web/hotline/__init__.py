"""The hotline form: a complaint taken while the customer is on the line.

Who: an agent with an angry caller and three minutes, for the hundredth time today; hands on the keyboard, a headset on.
Pressure: the caller has said it twice already. Never type a number twice, never take the same complaint again.
"""
