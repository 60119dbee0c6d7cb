"""The known ways from permissions to more permissions, as a table: what is asked for, on what, for what.

The facts are public: Rhino Security Labs' "AWS IAM Privilege Escalation Methods", DataDog's
pathfinding.cloud and NCC Group's PMapper describe them, and AWS's own references say which actions need
which. The words, the choice and what each way needs besides are ours. Reading secrets, and making others
run up a bill, are harm of other kinds and not in here.
"""

from __future__ import annotations

from typing import Final

from stockade.iam.steps import On, Step, Way

DATE: Final = "2026-11-26"
"""The day (ISO) that the table was made."""

RHINO: Final = "https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/"
PASSING: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"

ADMINISTRATOR: Final = "arn:aws:iam::aws:policy/AdministratorAccess"
FOREIGN_LAYER: Final = "arn:aws:lambda:us-east-1:000000000000:layer:any:1"


def _with(action: str, on: On, key: str, value: str) -> Step:
    return Step(action, on, ((key, value),))


def _attaching(action: str, on: On = "") -> Step:
    return _with(action, on, "iam:PolicyARN", ADMINISTRATOR)


_INSTANCE = "arn:*:ec2:*:*:instance/i-any-at-all"
_COMMAND = Step("ssm:SendCommand", "thing", at=(_INSTANCE, "arn:*:ssm:*:*:document/AWS-RunShellScript"))
_ASSUME = Step("sts:AssumeRole", "role", trusted=True)
_KEY = Step("iam:CreateAccessKey", "user")


def _to(service: str) -> tuple[tuple[str, str], ...]:
    return (("iam:PassedToService", f"{service}.amazonaws.com"),)


def _passing(name: str, service: str, does: str, *actions: str | Step, needs: str = "") -> Way:
    """A way that hands a role to a service, and then has the service do things with it."""
    pass_role = Step("iam:PassRole", "role", _to(service))
    return Way(
        name,
        does,
        (pass_role, *(one if isinstance(one, Step) else Step(one) for one in actions)),
        "role",
        needs,
        source=PASSING,
    )


def _using(name: str, does: str, needs: str, *actions: str | Step) -> Way:
    """A way by a thing that has a role already."""
    steps = tuple(one if isinstance(one, Step) else Step(one, "thing") for one in actions)
    return Way(name, does, steps, "thing", needs)


_MANAGED = "an instance that Systems Manager manages"

WAYS: Final = (
    # ------------------------------------------------------------------- rights it gives itself
    Way("own-inline-policy", "write itself a policy", (Step("iam:PutRolePolicy", "itself"),), source=RHINO),
    Way(
        "own-attached-policy",
        "attach any policy to itself",
        (_attaching("iam:AttachRolePolicy", "itself"),),
        source=RHINO,
    ),
    Way(
        "own-policy-version",
        "rewrite a policy that is attached to it",
        (Step("iam:CreatePolicyVersion", "its policy"),),
        source=RHINO,
    ),
    Way(
        "own-older-version",
        "go back to an earlier version of a policy that is attached to it",
        (Step("iam:SetDefaultPolicyVersion", "its policy"),),
        needs="an earlier version that allows more",
        source=RHINO,
    ),
    Way(
        "own-boundary-removed",
        "take off its permissions boundary",
        (Step("iam:DeleteRolePermissionsBoundary", "itself"),),
        of_boundary=True,
    ),
    Way(
        "own-boundary-replaced",
        "replace its permissions boundary by a wider one",
        (_with("iam:PutRolePermissionsBoundary", "itself", "iam:PermissionsBoundary", ADMINISTRATOR),),
        of_boundary=True,
    ),
    # ---------------------------------------------------------------------- roles made or taken
    Way(
        "role-trust",
        "make {} trust it, and assume it",
        (Step("iam:UpdateAssumeRolePolicy", "role"), _ASSUME),
        "role",
        source=RHINO,
    ),
    Way(
        "new-role-attached",
        "make a role with any policy attached, and assume it",
        (
            Step("iam:CreateRole"),
            _attaching("iam:AttachRolePolicy"),
            Step("sts:AssumeRole", trusted=True),
        ),
    ),
    Way(
        "new-role-inline",
        "make a role with any policy of its own, and assume it",
        (Step("iam:CreateRole"), Step("iam:PutRolePolicy"), Step("sts:AssumeRole", trusted=True)),
    ),
    Way("assumed-role", "assume {}", (Step("sts:AssumeRole", "role"),), "role"),
    # ----------------------------------------------------------------------------------- users
    Way("user-access-key", "make itself a key of {}", (_KEY,), "user", source=RHINO),
    Way(
        "user-new-password",
        "give {} a password and sign in as that user",
        (Step("iam:CreateLoginProfile", "user"),),
        "user",
        "a user without a password",
        source=RHINO,
    ),
    Way(
        "user-password",
        "change the password of {} and sign in as that user",
        (Step("iam:UpdateLoginProfile", "user"),),
        "user",
        "a user with a password and without MFA",
        source=RHINO,
    ),
    Way(
        "new-user-attached",
        "make a user with any policy attached, and a key of that user",
        (Step("iam:CreateUser"), _attaching("iam:AttachUserPolicy"), Step("iam:CreateAccessKey")),
    ),
    Way(
        "new-user-inline",
        "make a user with any policy of its own, and a key of that user",
        (Step("iam:CreateUser"), Step("iam:PutUserPolicy"), Step("iam:CreateAccessKey")),
    ),
    Way(
        "user-attached-policy",
        "attach any policy to {}, and make itself a key of that user",
        (_attaching("iam:AttachUserPolicy", "user"), _KEY),
    ),
    Way(
        "user-inline-policy",
        "write {} a policy, and make itself a key of that user",
        (Step("iam:PutUserPolicy", "user"), _KEY),
    ),
    Way(
        "user-in-group",
        "put a user into a group, and make itself a key of that user",
        (Step("iam:AddUserToGroup"), _KEY),
        needs="a group that may do more",
    ),
    # ----------------------------------------------------------- roles handed to a service: code
    _passing(
        "new-function-invoked",
        "lambda",
        "make a function that runs as {}, and invoke it",
        "lambda:CreateFunction",
        "lambda:InvokeFunction",
    ),
    _passing(
        "new-function-polling",
        "lambda",
        "make a function that runs as {}, and have a queue or stream invoke it",
        "lambda:CreateFunction",
        "lambda:CreateEventSourceMapping",
    ),
    _passing(
        "new-function-shared",
        "lambda",
        "make a function that runs as {}, and let anybody invoke it",
        "lambda:CreateFunction",
        "lambda:AddPermission",
    ),
    _passing(
        "stack",
        "cloudformation",
        "make a stack with {}, which then makes whatever the template says",
        "cloudformation:CreateStack",
    ),
    _passing(
        "stack-set",
        "cloudformation",
        "make a stack set with {}, which then makes whatever the template says",
        "cloudformation:CreateStackSet",
        "cloudformation:CreateStackInstances",
    ),
    _passing(
        "stack-set-updated",
        "cloudformation",
        "change a stack set, and pass it {}",
        "cloudformation:UpdateStackSet",
        needs="a stack set",
    ),
    _passing("instance", "ec2", "start an instance with {}, and code in its user data", "ec2:RunInstances"),
    _passing(
        "spot-instance",
        "ec2",
        "request a spot instance with {}, and code in its user data",
        "ec2:RequestSpotInstances",
    ),
    _passing(
        "instance-profile",
        "ec2",
        "give a running instance {}, and run a command on it",
        Step("ec2:AssociateIamInstanceProfile", at=(_INSTANCE,)),
        _COMMAND,
        needs="an instance that Systems Manager manages",
    ),
    _passing(
        "auto-scaling",
        "ec2",
        "make a launch configuration with {}, and a group that starts instances by it",
        "autoscaling:CreateLaunchConfiguration",
        "autoscaling:CreateAutoScalingGroup",
    ),
    _passing(
        "task-run",
        "ecs-tasks",
        "define a task with {}, and run it",
        "ecs:RegisterTaskDefinition",
        "ecs:RunTask",
    ),
    _passing(
        "task-started",
        "ecs-tasks",
        "define a task with {}, and start it on an instance",
        "ecs:RegisterTaskDefinition",
        "ecs:StartTask",
        needs="an instance in a cluster",
    ),
    _passing(
        "task-service",
        "ecs-tasks",
        "define a task with {}, and a service that runs it",
        "ecs:RegisterTaskDefinition",
        "ecs:CreateService",
    ),
    _passing(
        "batch-job",
        "ecs-tasks",
        "define a batch job with {}, and submit it",
        "batch:RegisterJobDefinition",
        "batch:SubmitJob",
        needs="a job queue",
    ),
    _passing(
        "build-project",
        "codebuild",
        "make a build project with {}, and run its commands",
        "codebuild:CreateProject",
        "codebuild:StartBuild",
    ),
    _passing(
        "build-project-batch",
        "codebuild",
        "make a build project with {}, and run its commands in a batch",
        "codebuild:CreateProject",
        "codebuild:StartBuildBatch",
    ),
    _passing(
        "build-project-updated",
        "codebuild",
        "give a build project {}, and run its commands",
        "codebuild:UpdateProject",
        "codebuild:StartBuild",
        needs="a build project",
    ),
    # ----------------------------------------------------------- roles handed to a service: data
    _passing(
        "glue-endpoint",
        "glue",
        "make a Glue development endpoint with {}, and log in to it",
        "glue:CreateDevEndpoint",
    ),
    _passing("glue-job", "glue", "make a Glue job with {}, and run it", "glue:CreateJob", "glue:StartJobRun"),
    _passing(
        "glue-job-triggered",
        "glue",
        "make a Glue job with {}, and a trigger that runs it",
        "glue:CreateJob",
        "glue:CreateTrigger",
    ),
    _passing(
        "glue-job-updated",
        "glue",
        "give a Glue job {} and another script, and run it",
        "glue:UpdateJob",
        "glue:StartJobRun",
        needs="a Glue job",
    ),
    _passing(
        "glue-job-updated-triggered",
        "glue",
        "give a Glue job {} and another script, and a trigger that runs it",
        "glue:UpdateJob",
        "glue:CreateTrigger",
        needs="a Glue job",
    ),
    _passing(
        "glue-session",
        "glue",
        "open a Glue session with {}, and run statements in it",
        "glue:CreateSession",
        "glue:RunStatement",
    ),
    # Both work as the role of the instances that they start, and want a role of the service's beside it.
    _passing(
        "pipeline",
        "ec2",
        "make a data pipeline with {}, and activate it",
        Step("iam:PassRole", context=_to("datapipeline")),
        "datapipeline:CreatePipeline",
        "datapipeline:PutPipelineDefinition",
        "datapipeline:ActivatePipeline",
    ),
    _passing(
        "cluster",
        "ec2",
        "start an EMR cluster with {}",
        Step("iam:PassRole", context=_to("elasticmapreduce")),
        "elasticmapreduce:RunJobFlow",
    ),
    _passing(
        "notebook",
        "sagemaker",
        "make a notebook with {}, and open it",
        "sagemaker:CreateNotebookInstance",
        "sagemaker:CreatePresignedNotebookInstanceUrl",
    ),
    _passing("training-job", "sagemaker", "run a training job with {}", "sagemaker:CreateTrainingJob"),
    _passing("processing-job", "sagemaker", "run a processing job with {}", "sagemaker:CreateProcessingJob"),
    _passing(
        "code-interpreter",
        "bedrock-agentcore",
        "make a code interpreter with {}, and run code in it",
        "bedrock-agentcore:CreateCodeInterpreter",
        "bedrock-agentcore:StartCodeInterpreterSession",
        "bedrock-agentcore:InvokeCodeInterpreter",
    ),
    # ---------------------------------------------------- roles handed to a service: calls to AWS
    _passing(
        "state-machine",
        "states",
        "make a state machine with {}, and have it call AWS",
        "states:CreateStateMachine",
        "states:StartExecution",
    ),
    _passing(
        "schedule", "scheduler", "make a schedule with {}, which then calls AWS", "scheduler:CreateSchedule"
    ),
    _passing(
        "automation",
        "ssm",
        "run an automation with {}, which then calls AWS",
        "ssm:StartAutomationExecution",
    ),
    _passing(
        "web-service",
        "tasks.apprunner",
        "make an App Runner service with {}",
        "apprunner:CreateService",
    ),
    # ------------------------------------------------------------------ what has a role already
    Way(
        "function-code",
        "replace the code of {}",
        (Step("lambda:UpdateFunctionCode", "function"),),
        "function",
        source=RHINO,
    ),
    Way(
        "function-layer",
        "put a layer of its own into {}",
        (_with("lambda:UpdateFunctionConfiguration", "function", "lambda:Layer", FOREIGN_LAYER),),
        "function",
        source=RHINO,
    ),
    _using("command", "run commands on any instance", _MANAGED, _COMMAND),
    _using(
        "session",
        "open a session on any instance",
        _MANAGED,
        Step("ssm:StartSession", "thing", at=(_INSTANCE,)),
    ),
    _using(
        "user-data",
        "change the user data of any instance, and start it again",
        "an instance with a role",
        "ec2:ModifyInstanceAttribute",
        "ec2:StopInstances",
        "ec2:StartInstances",
    ),
    _using(
        "existing-stack",
        "change the template of any stack",
        "a stack with a role",
        "cloudformation:UpdateStack",
    ),
    _using(
        "change-set",
        "change the template of any stack by a change set",
        "a stack with a role",
        "cloudformation:CreateChangeSet",
        "cloudformation:ExecuteChangeSet",
    ),
    _using("build", "run commands of its own in any build project", "a build project", "codebuild:StartBuild"),
    _using(
        "build-batch",
        "run commands of its own in a batch of any build project",
        "a build project",
        "codebuild:StartBuildBatch",
    ),
    _using(
        "existing-state-machine",
        "change what any state machine does, and start it",
        "a state machine",
        "states:UpdateStateMachine",
        "states:StartExecution",
    ),
    _using(
        "existing-endpoint",
        "put its own key into any Glue development endpoint",
        "a Glue development endpoint",
        "glue:UpdateDevEndpoint",
    ),
    _using(
        "existing-notebook", "open any notebook", "a notebook", "sagemaker:CreatePresignedNotebookInstanceUrl"
    ),
    _using(
        "notebook-start",
        "have any notebook run a script of its own when it starts",
        "a notebook",
        "sagemaker:CreateNotebookInstanceLifecycleConfig",
        "sagemaker:UpdateNotebookInstance",
        "sagemaker:StopNotebookInstance",
        "sagemaker:StartNotebookInstance",
    ),
    _using(
        "launch-template",
        "change what instances of any launch template run",
        "a group that starts instances by its default version",
        "ec2:CreateLaunchTemplateVersion",
        "ec2:ModifyLaunchTemplate",
    ),
    _using(
        "existing-interpreter",
        "run code in any code interpreter",
        "a code interpreter with a role",
        "bedrock-agentcore:StartCodeInterpreterSession",
        "bedrock-agentcore:InvokeCodeInterpreter",
    ),
    _using(
        "container-command", "run commands in any container", "a task that takes commands", "ecs:ExecuteCommand"
    ),
    _using(
        "existing-web-service",
        "change the code of any App Runner service",
        "an App Runner service with a role",
        "apprunner:UpdateService",
    ),
)
"""All ways, the plainest of each kind first."""
