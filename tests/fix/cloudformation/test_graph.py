"""References in a template: circles, and what is made only under a condition."""

from __future__ import annotations

import pytest

from stockade.errors import FixError
from stockade.fix.cloudformation.graph import Graph
from stockade.fix.layout import layout
from stockade.source import Source

TEMPLATE = """\
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Condition: Make
  Role:
    Type: AWS::IAM::Role
    Properties:
      Known: !If [Make, !GetAtt Bucket.Arn, "*"]
      Resource: "*"
"""


def graph(new: str = '"*"') -> Graph:
    text = TEMPLATE.replace('Resource: "*"', f"Resource: {new}")
    return Graph(layout(Source("template.yaml", text.encode())))


@pytest.mark.parametrize(
    "new", ['!If [Make, !Sub "${Bucket.Arn}/*", "*"]', '!If [Other, "*", !If [Make, !Ref Bucket, "*"]]', '"x"']
)
def test_a_reference_under_the_condition_is_let_through(new: str) -> None:
    graph(new).hold(graph())


@pytest.mark.parametrize("new", ["!GetAtt Bucket.Arn", '!If [Other, "*", !Sub "${Bucket.Arn}/*"]'])
def test_a_reference_that_may_be_of_nothing_is_refused(new: str) -> None:
    with pytest.raises(FixError, match="made only if `Make` is met"):
        graph(new).hold(graph())
