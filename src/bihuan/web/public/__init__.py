"""The customer's own pages: complain, get a number and a date, look up, add, withdraw, say it is not solved.

Who: a customer with a dead phone or a wrong bill, on the move, with an old telephone, not young.
Pressure: wants a number and a date at once, in plain words, without calling anyone.
"""
