"""Terraform configuration, read without Terraform."""
