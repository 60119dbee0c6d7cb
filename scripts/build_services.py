"""Builds ``src/stockade/code/data/services.pack`` from botocore and boto3: what clients and resources call.

    pip install boto3 && python scripts/build_services.py

Both are Apache-2.0 and have AWS's own models of all services. Names are taken as boto3 makes them when it
builds its classes, collisions included. ``services.py`` reads what this writes, and says what each part is for.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from importlib.metadata import files as installed
from importlib.metadata import version
from pathlib import Path
from typing import Any

import boto3
import botocore.session
from boto3.resources.model import Collection, ResourceModel
from botocore import xform_name
from botocore.exceptions import DataNotFoundError, UnknownServiceError
from botocore.loaders import Loader
from botocore.model import ListShape, ServiceModel, Shape, StructureShape
from botocore.utils import get_service_module_name

from stockade.code.services import DATA
from stockade.iam.pack import write

DEPTH = 3
"""How deep parameters are named: what names a resource lies no deeper in any request that was looked at."""

DEEPER = 8
"""How deep roles are looked for, which have to be passed wherever they are."""

_ROLE = re.compile(r"(?:[rR]ole_?(?:arn|Arn|ARN)|(?:^|[a-z])Role)$")


def main() -> None:
    session = botocore.session.get_session()
    loader: Loader = session.get_component("data_loader")
    resources = set(boto3.Session(botocore_session=session).get_available_resources())
    resource_loader = Loader(extra_search_paths=[str(Path(boto3.__file__).parent / "data")])
    members: dict[str, Any] = {}
    index: dict[str, list[str]] = {}
    for name in loader.list_available_services("service-2"):
        model = ServiceModel(loader.load_service_model(name, "service-2"), name)
        index[name] = [model.metadata["serviceId"], get_service_module_name(model)]
        members[name] = {
            "operations": _operations(model, _data(loader, name, "paginators-1", "pagination")),
            "waiters": {
                waiter: data["operation"]
                for waiter, data in _data(loader, name, "waiters-2", "waiters").items()
            },
        }
        if name in resources:
            data = resource_loader.load_service_model(name, "resources-1")
            members[name]["resources"] = _resources(data, model)
    members[""] = index
    write(
        DATA / "services.pack",
        source=f"botocore {version('botocore')}, boto3 {version('boto3')}",
        date=_date(),
        members=members,
    )
    print(f"{len(index)} services, {sum(len(one['operations']) for n, one in members.items() if n)} operations")


def _date() -> str:
    """The day botocore was installed: its wheel has no date of its own, and is at least as old."""
    times = (Path(str(file.locate())).stat().st_mtime for file in installed("botocore") or ())
    return datetime.fromtimestamp(max(times), UTC).date().isoformat()


def _data(loader: Loader, name: str, kind: str, key: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = loader.load_service_model(name, kind)[key]
    except (DataNotFoundError, UnknownServiceError):
        return {}
    return found


def _operations(model: ServiceModel, paginators: dict[str, Any]) -> dict[str, list[Any]]:
    """By name: the method's name, 1 where it has a paginator, and the parameters."""
    found = {}
    for name in model.operation_names:
        shape = model.operation_model(name).input_shape
        found[name] = [xform_name(name), int(name in paginators), _parameters(shape, 1) or {}]
    return found


def _parameters(shape: Shape | None, depth: int) -> dict[str, Any] | None:
    """Members of a structure, or of the structures in a list; ``None`` for what has none."""
    while isinstance(shape, ListShape):
        shape = shape.member
    if not isinstance(shape, StructureShape):
        return None
    if depth > DEPTH:
        return _roles(shape, depth)
    return {name: _parameters(member, depth + 1) for name, member in shape.members.items()}


def _roles(shape: Shape | None, depth: int) -> dict[str, Any]:
    """The members of a structure that are called roles, and those inside of which such are."""
    while isinstance(shape, ListShape):
        shape = shape.member
    if not isinstance(shape, StructureShape) or depth > DEEPER:
        return {}
    found: dict[str, Any] = {}
    for name, member in shape.members.items():
        if member.type_name == "string" and _ROLE.search(name):
            found[name] = None
        elif inside := _roles(member, depth + 1):
            found[name] = inside
    return found


def _resources(data: dict[str, Any], model: ServiceModel) -> dict[str, Any]:
    """By the resource's name, and by an empty one for the service's own; see ``services.Resource``."""
    definitions = data["resources"]
    made = {"": _resource(ResourceModel("", data["service"], definitions), None)}
    for name, definition in definitions.items():
        shape = model.shape_for(definition["shape"]) if "shape" in definition else None
        made[name] = _resource(ResourceModel(name, definition, definitions), shape)
    return made


def _resource(model: ResourceModel, shape: Shape | None) -> dict[str, Any]:
    model.load_rename_map(shape)
    references = {one.name: one.resource.type for one in model.references}
    # boto3 asks for the sub-resources of the service's own, and for the others of each, in one list.
    below = {one.name: _link(one.resource) for one in model.subresources}
    attributes = model.get_attributes(shape) if isinstance(shape, StructureShape) else {}
    made: dict[str, Any] = {
        "identifiers": [[one.name, one.member_name or ""] for one in model.identifiers],
        "attributes": sorted(attributes),
        "load": _request(model.load.request) if model.load else None,
        "actions": {one.name: _action(one) for one in model.actions},
        "below": below,
        "references": references,
        "collections": {one.name: _collection(one) for one in model.collections},
        "waiters": {one.name: [one.waiter_name, _request_parameters(one.params)] for one in model.waiters},
    }
    return {key: value for key, value in made.items() if value}


def _collection(one: Collection) -> list[Any]:
    batch = {action.name: _request(action.request) for action in one.batch_actions if action.request}
    return [_request(one.request), _link(one.resource), batch]


def _action(one: Any) -> list[Any]:
    """A request, and the resource that comes back, if one does."""
    return [_request(one.request), _link(one.resource) if one.resource else None]


def _link(resource: Any) -> list[Any]:
    """A resource's type, where each of its identifiers comes from, and 1 where its attributes come along."""
    return [
        resource.type,
        [
            [_snake(one.target), one.source, _snake(one.name) if one.name else one.path or ""]
            for one in resource.identifiers
        ],
        int(bool(resource.path)),
    ]


def _request(request: Any) -> list[Any] | None:
    return [request.operation, _request_parameters(request.params)] if request else None


def _request_parameters(parameters: list[Any]) -> list[list[str]]:
    """What the resource itself fills in: the parameter's path, and the identifier or text that it gets."""
    return [
        [
            one.target,
            one.source,
            _snake(one.name) if one.source == "identifier" else str(one.value or one.path or ""),
        ]
        for one in parameters
    ]


def _snake(name: str) -> str:
    return str(xform_name(re.sub(r"\W", "", name)))


if __name__ == "__main__":
    main()
