"""Fixes written in Terraform's language."""
