"""Stockade decides the AWS Lambda hardening checklist for every function, with evidence."""

__version__ = "0.1.0"
