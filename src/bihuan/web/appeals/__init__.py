"""Pages of appeals: those public bodies passed on, their forms, steps and letters."""
