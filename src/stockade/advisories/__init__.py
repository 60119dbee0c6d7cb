"""Known vulnerabilities of third parties' packages: where advisories are kept, and which are about what."""
