"""Those above: a leader supervises a case until she is content; a duty manager answers between two calls, the case beside
the question; whoever has to ask does so from the case and reads the answer there."""
