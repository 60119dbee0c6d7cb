"""What IAM Access Analyzer says beside our own answers: cited where it is the same, told where it is not.

``questions`` takes from a world the policies that AWS can be asked about, ``answers`` asks about them,
``beside`` holds what came against a report. AWS's word changes none of ours: where the two differ the report
has both.
"""
