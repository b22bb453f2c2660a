"""Who goes out and who sends them: appointments, repair orders, control lists, crews."""
