"""Scripts, typical cases, procedures and text modules: written in versions, approved by another, offered beside the case."""
