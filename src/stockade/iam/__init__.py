"""The IAM policy language: documents, matching, what actions exist. It knows nothing of Lambda."""
