"""Attributes of the model's types, out of what inputs give for them."""

from stockade.model.typed import texts
from stockade.value import Default, Known, Ref, Unknown, Value, text_of

NOWHERE = Default("a test")


def deployed(address: str, attribute: str) -> Unknown:
    """What a reference to something evaluates to before there is any."""
    return Unknown("only deployment tells", NOWHERE, text_of(Ref(address, attribute)))


def test_one_string_is_a_list_of_it() -> None:
    role = deployed("aws_iam_role.worker", "name")
    for one in (Known("worker", NOWHERE), role):
        read: Value[object] = texts(one)
        assert isinstance(read, Known)
        assert read.value == (one,)


def test_a_reference_in_the_plural_is_any_number_of_strings() -> None:
    for address, attribute in (
        ("data.aws_subnets.private", "ids"),
        ("module.vpc", "intra_subnets"),
        ("data.terraform_remote_state.network", "outputs.private_subnet_ids"),
    ):
        read = texts(deployed(address, attribute))
        assert isinstance(read, Unknown)
        assert read.behind == (Ref(address, attribute),)


def test_a_reference_into_a_list_is_one_of_its_strings() -> None:
    read = texts(Known((deployed("data.aws_subnets.private", "ids"),), NOWHERE))
    assert isinstance(read, Known)
    assert len(read.value) == 1
