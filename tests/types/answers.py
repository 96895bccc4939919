"""What a handler can read: the answers of the operations that its two halves of reading call."""

import ast
import importlib
import inspect
import re

import botocore.session
from botocore import xform_name

READING = re.compile(r"(describe|list|get|batch_get|lookup|search)_")
WRITING = {"create", "update", "delete", "within", "tag"}

_session = botocore.session.get_session()


def model(name):
    """The model of a type's service."""
    return _session.get_service_model(name.split(".")[0].replace("_", "-"))


def operation(name, method):
    """The model of an operation by the name that boto3 gives its method; None if there is none."""
    service = model(name)
    known = {xform_name(each): each for each in service.operation_names}
    return service.operation_model(known[method]) if method in known else None


def readable(name, handler):
    """The names that the handler can read: of its answers' members, and those it puts together."""
    words = set(_words(handler))
    answers = [operation(name, word) for word in words if READING.match(word)]
    shapes = [answer.output_shape for answer in answers if answer]
    return {member for shape in shapes for member in _members(shape, set())} | words


def _words(handler):
    """Strings and methods in the code that reads, in the type's module and its service's."""
    module = importlib.import_module(handler.__module__)
    package = importlib.import_module(handler.__module__.rpartition(".")[0])
    for each in (module, package):
        for node in _reading(ast.parse(inspect.getsource(each)).body):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                    yield inner.value
                if isinstance(inner, ast.Attribute):
                    yield inner.attr


def _reading(body):
    """Everything but facts, documentation and the verbs that write."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from (each for each in node.body if _reads(each))
        elif not isinstance(node, ast.Expr):
            yield node


def _reads(node):
    return isinstance(node, ast.FunctionDef) and node.name not in WRITING


def _members(shape, seen):
    match shape.type_name:
        case "structure" if shape.name not in seen:
            seen.add(shape.name)
            for name, member in shape.members.items():
                yield name
                yield from _members(member, seen)
        case "list":
            yield from _members(shape.member, seen)
        case "map":
            yield from _members(shape.value, seen)
