"""Plans and states of Terraform, as ``terraform show -json`` prints them, and state files themselves."""

from stockade.read.plan.contents import recognised
from stockade.read.plan.reader import read

__all__ = ["read", "recognised"]
