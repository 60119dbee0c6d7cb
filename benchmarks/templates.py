"""Templates of any number of Lambda functions, and what a scan of them costs.

The same service as ``generate`` writes in Terraform, as CloudFormation in YAML and JSON and as SAM: each
function with its role, inline policy, log group and invoke permission. The same number gives the same bytes.

    python -m benchmarks.templates                                measure, and print the section
    python -m benchmarks.templates --write docs/performance.md    and put it into the page
    python -m benchmarks.templates --generate 1000 some/folder    only write the templates
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.generate import DOMAINS, GRANTS, RUNTIMES, generate
from benchmarks.measure import Cost, median, run
from benchmarks.pages import Place

STOCKADE = Path(sys.executable).with_name("stockade")
TERRAFORM = "Terraform"
PLACE = Place("<!-- templates: made by benchmarks/templates.py -->", "<!-- /templates -->")
SIZES = (1, 100, 1_000, 5_000)
MB = 1_000_000

HEAD = """\
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Stage:
    Type: String
    Default: prod
"""

CLOUDFORMATION = """
  {name}Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal:
              Service: lambda.amazonaws.com
      Policies:
        - PolicyName: {dashed}
          PolicyDocument:
            Version: 2012-10-17
            Statement:
              - Effect: Allow
                Action: logs:PutLogEvents
                Resource: !GetAtt {name}Logs.Arn
              - Effect: Allow
                Action: {actions}
                Resource: "{resource}"
  {name}Logs:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: !Sub /aws/lambda/shop-${{Stage}}-{dashed}
  {name}:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: !Sub shop-${{Stage}}-{dashed}
      Role: !GetAtt {name}Role.Arn
      Runtime: {runtime}
      Handler: main.handler
      Code: build/{dashed}
      Environment:
        Variables:
          STAGE: !Ref Stage
          QUEUE: {dashed}
  {name}Permission:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref {name}
      Action: lambda:InvokeFunction
      Principal: events.amazonaws.com
      SourceArn: arn:aws:events:eu-west-1:123456789012:rule/nightly
"""

SAM = """
  {name}Logs:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: !Sub /aws/lambda/shop-${{Stage}}-{dashed}
  {name}:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: !Sub shop-${{Stage}}-{dashed}
      Runtime: {runtime}
      Handler: main.handler
      CodeUri: build/{dashed}
      Environment:
        Variables:
          STAGE: !Ref Stage
          QUEUE: {dashed}
      Policies:
        - Statement:
            - Effect: Allow
              Action: {actions}
              Resource: "{resource}"
      Events:
        Nightly:
          Type: Schedule
          Properties:
            Schedule: rate(1 day)
"""


def function(form: str, number: int) -> str:
    """The resources of one function."""
    domain = DOMAINS[number % len(DOMAINS)]
    dashed = f"{domain}-{number:05d}"
    actions, resource = GRANTS[number % len(GRANTS)]
    return form.format(
        name=f"{domain.capitalize()}{number:05d}",
        dashed=dashed,
        actions=actions,
        resource=resource.format(dashed=dashed),
        runtime=RUNTIMES[number % len(RUNTIMES)],
    )


def cloudformation(count: int) -> str:
    return f"{HEAD}Resources:{''.join(function(CLOUDFORMATION, number) for number in range(count))}"


def sam(count: int) -> str:
    head = HEAD.replace("Parameters:", "Transform: AWS::Serverless-2016-10-31\nParameters:")
    return f"{head}Resources:{''.join(function(SAM, number) for number in range(count))}"


def in_json(count: int) -> str:
    """The same in JSON, as tools write it."""
    import yaml

    class Loader(yaml.CSafeLoader):
        pass

    def tagged(loader: Any, tag: str, node: Any) -> dict[str, Any]:
        value = loader.construct_scalar(node)
        full = tag if tag == "Ref" else f"Fn::{tag}"
        return {full: value.split(".", 1) if tag == "GetAtt" else value}

    Loader.add_multi_constructor("!", tagged)
    loaded = yaml.load(cloudformation(count), Loader)
    return json.dumps(loaded, indent=1, default=str) + "\n"


FORMS: dict[str, Callable[[int], str]] = {
    "CloudFormation, YAML": cloudformation,
    "CloudFormation, JSON": in_json,
    "SAM": sam,
}


def write(count: int, directory: Path) -> dict[str, Path]:
    """Write one template of each form; where they are."""
    directory.mkdir(parents=True, exist_ok=True)
    out = {TERRAFORM: directory / f"terraform-{count}"}
    generate(count, out[TERRAFORM])
    for title, form in FORMS.items():
        ending = "json" if title.endswith("JSON") else "yaml"
        out[title] = directory / f"{title.lower().replace(', ', '-')}-{count}.{ending}"
        out[title].write_text(form(count))
    return out


def costs(paths: dict[str, Path], rounds: int) -> dict[str, Cost]:
    """The median cost of a whole scan of each template; the forms take turns."""
    taken: dict[str, list[Cost]] = {title: [] for title in paths}
    for number in range(rounds):
        for title, path in paths.items():
            command = [str(STOCKADE), "scan", str(path), "--no-cache", "--format", "json"]
            command += ["--fail-on", "never"]
            taken[title].append(run([*command, "--allow-gaps"]))
            print(f"round {number + 1}, {path.name}: {taken[title][-1].cpu:.2f} s", file=sys.stderr)
    return {title: median(found) for title, found in taken.items()}


def section(rounds: int, sizes: Sequence[int] = SIZES) -> str:
    """The part of the page that is about templates, measured now."""
    titles = (TERRAFORM, *FORMS)
    lines = ["| functions | lines |" + "".join(f" {title} | memory |" for title in titles)]
    lines.append("| --- | ---: |" + " ---: |" * (2 * len(titles)))
    with tempfile.TemporaryDirectory() as temporary:
        for size in sizes:
            paths = write(size, Path(temporary))
            found = costs(paths, rounds if size <= 1_000 else 1)
            count = paths["CloudFormation, YAML"].read_bytes().count(b"\n")
            cells = "".join(f" {cost.cpu:.2f} s | {cost.rss / MB:,.0f} MB |" for cost in found.values())
            lines.append(f"| {size:,} | {count:,} |{cells}")
    return TEXT.format(table="\n".join(lines), rounds="1 round" if rounds == 1 else f"{rounds} rounds")


TEXT = """\
The same service in one template ([benchmarks/templates.py](../benchmarks/templates.py)), {rounds}, beside
Terraform's in the same run, up to the 1 MB that CloudFormation takes and above; lines are those of the YAML.
SAM goes through AWS's translator, which is imported for such templates alone: that is most of what the
smallest one costs more.

{table}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", type=Path, metavar="FILE", help="the page to put the section into")
    parser.add_argument("--generate", nargs=2, metavar=("COUNT", "FOLDER"), help="only write templates")
    options = parser.parse_args()
    if options.generate:
        for path in write(int(options.generate[0]), Path(options.generate[1])).values():
            print(path)
        return
    text = section(options.rounds)
    if options.write:
        PLACE.write(options.write, text)
    print(text)


if __name__ == "__main__":
    main()
