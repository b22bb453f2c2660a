"""Pages of the work several people do for one case: help asked for, money approved, tracking, news, reports."""
