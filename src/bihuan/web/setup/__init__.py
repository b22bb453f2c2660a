"""Set-up: small pages on which whoever has the right changes what the platform works by; every edit is kept."""
