"""Help other units give to a case (协查): asked with a question and a term, received, answered, sent back or called off.

Event kinds: assistance_asked assistance_received assistance_answered assistance_returned assistance_recalled. Each task
has a term of its own (`sla.deadlines`, kind `assistance`). The asked unit reads the case from then on, and no more.
"""
