"""What is needed, in place of a policy that grants far more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stockade.control import Add, Change, Drop, Fix, Put, Safety
from stockade.model.detach import detached
from stockade.model.grants import policy_name
from stockade.model.role import Grant
from stockade.value import Ref, Unknown


def instead_of(grant: Grant, statements: Sequence[Mapping[str, Any]] | None) -> Fix | None:
    """An attached policy taken off a role, and the statements for what the code needs of it added.

    ``None`` as ``statements`` says that this is not known. ``None`` comes of it where the policy cannot be
    taken off for this role alone.
    """
    found, role = detached(grant), grant.execution_role.role
    if found is None or statements is None or isinstance(role, Unknown):
        return None
    changes: list[Change] = []
    if statements:
        attributes = (
            ("name", "what-the-code-needs"),
            ("roles", Ref(role.value.address, "name")),
            ("document", {"Version": "2012-10-17", "Statement": list(statements)}),
        )
        changes.append(Add("InlinePolicy", role.value.address, attributes))
    whole = found.left is None
    changes.append(Drop(found.address) if whole else Put(found.address, "managed_policy_arns", found.left))
    return Fix(f"replace `{policy_name(grant)}` by what the code needs of it", Safety.REVIEW, tuple(changes))
