"""The figures page: choose, count, compare, open the cases behind every number, take the table along as Excel."""
