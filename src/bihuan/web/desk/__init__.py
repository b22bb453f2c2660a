"""The desk: where staff take, pass on, handle, answer, call back and close complaints, one beside the list they come from.

Queue and case. A dispatcher with 300 orders and two hours each; a handler with twenty, five of them late, a phone at the
ear. The list stays where it is, the case stands beside it, what to do next is on top; J and K, R, A, S.
Call sheet. Someone with 150 call-backs and angry people: the story in three lines, one key an outcome, the next opens.
List. A team lead asked by her chief "all no-signal complaints of Wujin this month, as Excel": filters in the address, the
sheet is exactly what is shown. Print sheet: a line worker goes up a stairwell without reception and takes the page along.
"""
