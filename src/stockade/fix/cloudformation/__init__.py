"""Fixes written into templates of CloudFormation and SAM."""
