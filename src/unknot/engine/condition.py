"""Conditions as data: one short text, parsed once into a tree.

The language is a small subset of Python expressions: names, ``not``, ``and``, ``or``,
comparisons of one name with a number, ``name == option``, ``name in (option, ...)``,
``at_least(n, name, ...)`` and the single word ``always``. Everything else is refused.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from typing import Literal, TypeAlias

import msgspec

Operator: TypeAlias = Literal[">=", ">", "<=", "<", "=="]

_OPERATORS: dict[type[ast.cmpop], Operator] = {
    ast.GtE: ">=",
    ast.Gt: ">",
    ast.LtE: "<=",
    ast.Lt: "<",
    ast.Eq: "==",
}
_LONGEST = 10_000
_TWO_SIDES = 2


class ConditionError(ValueError):
    """The text is not a condition; the message says what to write instead."""


class Name(msgspec.Struct, frozen=True, array_like=True, tag="name"):
    """A finding that is present, absent or unknown."""

    name: str


class Compare(msgspec.Struct, frozen=True, array_like=True, tag="compare"):
    """A number compared with a constant, in the unit the number is stored in."""

    name: str
    operator: Operator
    value: float


class Among(msgspec.Struct, frozen=True, array_like=True, tag="among"):
    """A choice that holds at least one of these options."""

    name: str
    options: tuple[str, ...]


class Not(msgspec.Struct, frozen=True, array_like=True, tag="not"):
    """The opposite."""

    of: Condition


class Unless(msgspec.Struct, frozen=True, array_like=True, tag="unless"):
    """An exclusion: excludes only when it is known to be true (see ``rules``)."""

    of: Condition


class All(msgspec.Struct, frozen=True, array_like=True, tag="all"):
    """Every part holds."""

    of: tuple[Condition, ...]


class Either(msgspec.Struct, frozen=True, array_like=True, tag="either"):
    """At least one part holds."""

    of: tuple[Condition, ...]


class AtLeast(msgspec.Struct, frozen=True, array_like=True, tag="at_least"):
    """At least ``count`` of the named findings are present."""

    count: int
    of: tuple[Condition, ...]


class Always(msgspec.Struct, frozen=True, array_like=True, tag="always"):
    """Holds whatever is known."""


Condition: TypeAlias = Name | Compare | Among | Not | Unless | All | Either | AtLeast | Always


def parse(text: str) -> Condition:
    """Read a condition; it may span lines.

    >>> parse("age >= 60 and not calm")
    All(of=(Compare(name='age', operator='>=', value=60.0), Not(of=Name(name='calm'))))

    Raises
    ------
    ConditionError
        When the text is not in the language; the message says which part.

    """
    if len(text) > _LONGEST:
        msg = f"the condition is longer than {_LONGEST} characters; split it into findings"
        raise ConditionError(msg)
    try:
        return _read(ast.parse(" ".join(text.split()), mode="eval").body)
    except ConditionError:
        raise
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        msg = "cannot be read as a condition; check brackets, 'and', 'or', 'not' and commas"
        raise ConditionError(msg) from None


def _read(node: ast.expr) -> Condition:
    match node:
        case ast.Name(id="always"):
            return Always()
        case ast.Name(id=name):
            return Name(name)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return Not(_read(operand))
        case ast.BoolOp(op=ast.And(), values=values):
            return All(tuple(_read(value) for value in values))
        case ast.BoolOp(op=ast.Or(), values=values):
            return Either(tuple(_read(value) for value in values))
        case ast.Compare(left=ast.Name(id=name), ops=[operator], comparators=[right]):
            return _read_comparison(name, operator, right)
        case ast.Call(func=ast.Name(id="at_least"), args=args, keywords=[]):
            return _read_at_least(args)
    msg = f"'{ast.unparse(node)}' is not part of the language of conditions"
    raise ConditionError(msg)


def _read_comparison(name: str, operator: ast.cmpop, right: ast.expr) -> Condition:
    symbol = _OPERATORS.get(type(operator))
    match operator, right:
        case ast.In(), ast.Tuple(elts=options) if options:
            return Among(name, tuple(_option(option) for option in options))
        case ast.In(), ast.Name(id=option):  # "(calf)" is a name to Python, not a tuple
            return Among(name, (option,))
        case ast.Eq(), ast.Name(id=option):
            return Among(name, (option,))
        case _, ast.Constant(value=bool()):
            pass
        case _, ast.Constant(value=int() | float() as value) if symbol and math.isfinite(value):
            return Compare(name, symbol, float(value))
    msg = f"'{name} ...' must be compared with a number, an option, or 'in (option, ...)'"
    raise ConditionError(msg)


def _read_at_least(args: list[ast.expr]) -> Condition:
    match args:
        case [ast.Constant(value=int() as count), *rest] if not isinstance(count, bool):
            names = tuple(Name(_option(arg)) for arg in rest)
            if 1 <= count <= len(names) and len(set(names)) == len(names) >= _TWO_SIDES:
                return AtLeast(count, names)
    msg = "at_least needs a whole number and then at least that many different names"
    raise ConditionError(msg)


def _option(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    msg = f"'{ast.unparse(node)}' must be a plain name"
    raise ConditionError(msg)


def walk(condition: Condition) -> Iterator[Condition]:
    """Every node of a condition, itself first."""
    yield condition
    match condition:
        case Not(of=part) | Unless(of=part):
            yield from walk(part)
        case All(of=parts) | Either(of=parts) | AtLeast(of=parts):
            for part in parts:
                yield from walk(part)


def names(condition: Condition) -> frozenset[str]:
    """The names a condition reads.

    >>> sorted(names(parse("a or b in (x, y)")))
    ['a', 'b']
    """
    return frozenset(node.name for node in walk(condition) if isinstance(node, Name | Compare | Among))


def with_exclusions(condition: Condition, exclusions: tuple[Condition, ...]) -> Condition:
    """The same condition with each ``not X``, X a listed exclusion, read as an exclusion.

    >>> with_exclusions(parse("a and not b"), (parse("b"),))
    All(of=(Name(name='a'), Unless(of=Name(name='b'))))
    """
    match condition:
        case Not(of=part) if part in exclusions:
            return Unless(part)
        case Not(of=part):
            return Not(with_exclusions(part, exclusions))
        case All(of=parts):
            return All(tuple(with_exclusions(part, exclusions) for part in parts))
        case Either(of=parts):
            return Either(tuple(with_exclusions(part, exclusions) for part in parts))
    return condition
