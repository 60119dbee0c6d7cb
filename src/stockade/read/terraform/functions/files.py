"""Functions that read files, all through the one door that keeps them inside the scanned tree."""

from __future__ import annotations

import base64
import os
import posixpath
import stat
from typing import Any

from stockade.read import looked
from stockade.read.files import Unreadable
from stockade.read.terraform.cty import EvaluationError, type_name
from stockade.read.terraform.functions.context import Context
from stockade.read.terraform.functions.graphemes import composed
from stockade.read.terraform.functions.registry import plain, valued
from stockade.read.terraform.functions.unknowns import because
from stockade.source import Source, Span
from stockade.value import Known, Unknown, Value, Written


def open_file(context: Context, path: Value[Any]) -> Source | Unknown:
    """The file behind a path; unknown when it may not be read, refused when there is none."""
    where = locate(context, path)
    if isinstance(where, Unknown):
        return where
    try:
        return context.files.read(where)
    except Unreadable as error:
        _check_file(where, path)
        return Unknown(f"`{_shown(path)}` was not read: {error.message}", context.origin)


def locate(context: Context, path: Value[Any]) -> str | Unknown:
    """The absolute path that a function means, when that lies inside the scanned tree."""
    if isinstance(path, Unknown):
        return because(path)
    if "\0" in path.value:
        raise EvaluationError("a path has a null character in it")
    if path.value == "~" or path.value.startswith("~/"):
        return Unknown(f"`{path.value}` was not read: it lies in somebody's home directory", context.origin)
    where = os.path.join(context.directory, path.value)
    try:
        context.files.locate(where)
    except Unreadable as error:
        return Unknown(f"`{path.value}` was not read: {error.message}", context.origin)
    except OSError:  # a name longer than any file's
        raise EvaluationError(f"there is no file `{path.value}`") from None
    return where


def _check_file(where: str, path: Value[Any]) -> None:
    """Refuse what Terraform refuses to read too: nothing there, a directory."""
    if not looked.is_there(where):
        raise EvaluationError(f"there is no file `{_shown(path)}`")
    if looked.is_directory(where):
        raise EvaluationError(f"`{_shown(path)}` is a directory")


def _shown(path: Value[Any]) -> str:
    return str(path.value) if isinstance(path, Known) else ""


def text_in(source: Source) -> str:
    """The text of a file; refuses what is not UTF-8, as Terraform does."""
    try:
        return composed(source.data.decode("utf-8"))
    except UnicodeDecodeError:
        raise EvaluationError(f"`{source.path}` is not text in UTF-8") from None


@valued("file(path: string)")
def file(context: Context, path: Value[Any]) -> Value[Any]:
    """The text of a file; its origin is the file itself, so that a policy in it keeps its places."""
    source = open_file(context, path)
    if isinstance(source, Unknown):
        return source
    via = context.origin.via if isinstance(context.origin, Written) else ()
    return Known(text_in(source), Written(Span(source, 0, len(source.data)), via))


@valued("filebase64(path: string)")
def filebase64(context: Context, path: Value[Any]) -> Value[Any]:
    source = open_file(context, path)
    if isinstance(source, Unknown):
        return source
    return Known(base64.b64encode(source.data).decode(), context.origin)


@valued("fileexists(path: string)")
def fileexists(context: Context, path: Value[Any]) -> Value[Any]:
    where = locate(context, path)
    if isinstance(where, Unknown):
        return where
    try:
        regular = stat.S_ISREG(looked.details(where).st_mode)
    except FileNotFoundError:
        return Known(False, context.origin)
    except OSError:
        regular = False
    if not regular:
        raise EvaluationError(f"`{_shown(path)}` is not a regular file")
    return Known(True, context.origin)


@valued("templatefile(path: string, vars: any)")
def templatefile(context: Context, path: Value[Any], variables: Value[Any]) -> Value[Any]:
    source = open_file(context, path)
    if isinstance(source, Unknown):
        return source
    text_in(source)
    return _render(context, source, variables)


@valued("templatestring(template: string, vars: any)")
def templatestring(context: Context, template: Value[Any], variables: Value[Any]) -> Value[Any]:
    if isinstance(template, Unknown):
        return because(template)
    origin = template.origin
    path = origin.span.path if isinstance(origin, Written) else "template"
    return _render(context, Source(path, template.value.encode("utf-8", "replace")), variables)


def _render(context: Context, source: Source, variables: Value[Any]) -> Value[Any]:
    if isinstance(variables, Unknown):
        return because(variables)
    if not isinstance(variables.value, dict):
        raise EvaluationError(f"the variables of a template are a map or an object, not {type_name(variables)}")
    for name in variables.value:
        if not name.replace("-", "_").isidentifier():
            raise EvaluationError(f"`{name}` cannot be the name of a variable in a template")
    return context.template(source, variables.value)


# ------------------------------------------------------------------------------------------- paths


@valued("abspath(path: string)")
def abspath(context: Context, path: Value[Any]) -> Value[Any]:
    if isinstance(path, Unknown):
        return because(path)
    return Known(posixpath.normpath(posixpath.join(context.directory, path.value)), context.origin)


@valued("pathexpand(path: string)")
def pathexpand(context: Context, path: Value[Any]) -> Value[Any]:
    """Whose home directory ``~`` will be is not for the scanner's own environment to say."""
    if isinstance(path, Unknown):
        return because(path)
    if path.value == "~" or path.value.startswith("~/"):
        return Unknown("the home directory is known only where Terraform runs", context.origin)
    if path.value.startswith("~"):
        raise EvaluationError("`pathexpand` cannot expand another user's home directory")
    return Known(path.value, context.origin)


@plain("basename(path: string)")
def basename(path: str) -> str:
    if not path:
        return "."
    return posixpath.basename(path.rstrip("/")) or "/"


@plain("dirname(path: string)")
def dirname(path: str) -> str:
    folder = path[: path.rfind("/") + 1]
    return _clean(folder)


def _clean(path: str) -> str:
    """The shortest path to the same place; two leading slashes are one."""
    cleaned = posixpath.normpath(path) if path else "."
    return cleaned[1:] if cleaned.startswith("//") else cleaned
