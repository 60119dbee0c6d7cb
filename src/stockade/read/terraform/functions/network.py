"""Functions over IP address ranges."""

from __future__ import annotations

from typing import Any

from stockade.patterns import lazy_regex
from stockade.read.terraform.cty import EvaluationError, List
from stockade.read.terraform.functions.registry import plain
from stockade.read.terraform.functions.sequences import whole
from stockade.read.terraform.number import Number

_IDLE_ZEROS = lazy_regex(r"(?<![0-9])0+(?=[0-9])")


def _network(prefix: str) -> Any:
    """The range a prefix names, whatever host bits are set in it; octets may begin with zeros."""
    import ipaddress

    address, _, length = prefix.partition("/")
    try:
        if not (length.isascii() and length.isdecimal()) or "%" in address:
            raise ValueError
        return ipaddress.ip_network(prefix if ":" in address else _IDLE_ZEROS.sub("", prefix), strict=False)
    except ValueError:
        raise EvaluationError(f"`{prefix}` is not an address range like `10.0.0.0/16`") from None


@plain("cidrhost(prefix: string, hostnum: number)")
def cidrhost(prefix: str, number: Number) -> str:
    network = _network(prefix)
    host = whole("cidrhost", number)
    if not -network.num_addresses <= host < network.num_addresses:
        raise EvaluationError(f"`{prefix}` has no host number {host}")
    return str(network[host])


@plain("cidrnetmask(prefix: string)")
def cidrnetmask(prefix: str) -> str:
    network = _network(prefix)
    if network.version == 6:
        raise EvaluationError("only IPv4 ranges have a netmask")
    return str(network.netmask)


@plain("cidrsubnet(prefix: string, newbits: number, netnum: number)")
def cidrsubnet(prefix: str, newbits: Number, netnum: Number) -> str:
    network = _network(prefix)
    bits, number = whole("cidrsubnet", newbits), whole("cidrsubnet", netnum)
    if bits < 0 or number < 0:
        raise EvaluationError("`cidrsubnet` needs numbers that are not negative")
    length = network.prefixlen + bits
    if length > network.max_prefixlen or number >> bits:
        raise EvaluationError(f"`{prefix}` has no subnet number {number} with {bits} more bits")
    return _subnet(network, int(network.network_address) + (number << (network.max_prefixlen - length)), length)


@plain("cidrsubnets(prefix: string, ...newbits: number)")
def cidrsubnets(prefix: str, *newbits: Number) -> List:
    """Ranges one after the other, each at the next place where its size fits."""
    network = _network(prefix)
    at = int(network.network_address)
    end = at + network.num_addresses
    if newbits and at == 0:
        raise EvaluationError(f"Terraform cannot cut `{prefix}`, which begins at the very first address")
    made: list[str] = []
    for each in newbits:
        bits = whole("cidrsubnets", each)
        length = network.prefixlen + bits
        if not 1 <= bits <= 32 or length > network.max_prefixlen:
            raise EvaluationError(f"`{prefix}` cannot be cut with {bits} more bits")
        size = 1 << (network.max_prefixlen - length)
        at = -(-at // size) * size
        if at + size > end:
            raise EvaluationError(f"`{prefix}` has no room for another subnet with {bits} more bits")
        made.append(_subnet(network, at, length))
        at += size
    return List(made)


def _subnet(network: Any, address: int, length: int) -> str:
    return f"{type(network.network_address)(address)}/{length}"
