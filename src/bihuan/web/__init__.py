"""What people see: the shell, its parts, and one folder for each kind of page."""
