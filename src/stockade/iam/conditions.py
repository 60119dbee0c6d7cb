"""One key under one operator, made ready to be asked."""

from __future__ import annotations

from stockade.iam import glob
from stockade.iam.elements import shapes_of
from stockade.iam.match import Shape
from stockade.iam.operators import Kind, Operator, compare, operator, over, seen_by
from stockade.iam.policy import Condition
from stockade.iam.texts import Fillings, Lookup, Texts, Unheard, settled
from stockade.value import Hole


class Test:
    """One key under one operator."""

    __slots__ = ("key", "operator", "presence", "source", "texts", "values")

    def __init__(self, source: Condition, fillings: Fillings | None) -> None:
        self.source = source
        self.key = source.key.lower()
        self.operator: Operator | None = operator(source.operator)
        shapes, unknown = shapes_of(source.values)
        self.texts: Texts | None = None
        self.values: tuple[str, ...] | None = None
        """The policy's values where they are no text; ``None`` where not all are known."""
        self.presence: frozenset[bool] | None = None
        """For ``Null``: whether the key has to be absent; of two different values either will do."""
        found = self.operator
        if found is None:
            return
        if found.kind in (Kind.STRING, Kind.ARN, Kind.BOOLEAN):
            patterns = (glob.glob(one) if found.wild else glob.plain(one, fold=found.fold) for one in shapes)
            reading = glob.in_segments if found.kind is Kind.ARN else None
            read = settled(patterns, fillings, reading=reading, fold=found.fold)
            self.texts = Texts(read, unknown=unknown, fold=found.fold)
        elif not unknown and all(len(one) == 1 and isinstance(one[0], str) for one in shapes if one):
            self.values = tuple(str(one[0]) if one else "" for one in shapes)
            if found.kind is Kind.PRESENCE:
                self.presence = frozenset(one.lower() == "true" for one in self.values)

    def on(self, lookup: Lookup) -> bool | None:
        """Whether the condition holds in a context."""
        operator = self.operator
        if operator is None:
            return None
        found = lookup(self.key)
        if isinstance(found, Unheard):
            return None
        found = seen_by(operator, found)
        if operator.kind is Kind.PRESENCE:
            return None if self.presence is None else (found is None) in self.presence
        if found is None:
            return operator.when_absent()
        texts = self.texts
        answer = over(
            operator, [self._agrees(one) if texts is None else texts.has(one, lookup) for one in found]
        )
        if operator.quantifier and len(found) == 1 and not isinstance(found[0], str):
            if all(isinstance(piece, Hole) for piece in found[0]) and answer is not operator.when_absent():
                return None  # the one value may turn out to be an empty text, which is none
        return answer

    def _agrees(self, value: str | Shape) -> bool | None:
        """Whether one of the policy's values agrees with one of the request's."""
        if self.values is None or self.operator is None or not isinstance(value, str):
            return None
        answer: bool | None = False
        for one in self.values:
            found = compare(self.operator, one, value)
            if found:
                return True
            if found is None:
                answer = None
        return answer
