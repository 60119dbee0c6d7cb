"""Fixes written into services of the Serverless Framework."""
