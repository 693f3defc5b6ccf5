"""Files of facts -> checked records, or one located error. YAML 1.2, so that `no` is a word and `1e5` a number."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from gradetape.errors import CourseError

Model = TypeVar("Model", bound=BaseModel)


class Facts(BaseModel):
    """A frozen record that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def read_text(path: Path, name: str) -> str:
    """The file's text. Raises CourseError when it is missing or not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CourseError(
            name, expected="a file", found="none", next_step="Create it, or take its exercise out of course.yaml."
        ) from None
    except UnicodeDecodeError as error:
        raise CourseError(
            name, expected="UTF-8 text", found=f"a byte that is not, at {error.start}", next_step="Save it as UTF-8."
        ) from None


def read_yaml(path: Path, name: str) -> Any:
    """The file's YAML as plain values. Raises CourseError with the line of the fault."""
    try:
        return YAML(typ="safe", pure=True).load(read_text(path, name))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CourseError(
            f"{name}, line {line}",
            expected="YAML 1.2",
            found=str(error.problem or error.context or "something else"),
            next_step="Correct the line.",
        ) from None
    except YAMLError as error:
        raise CourseError(name, expected="YAML 1.2", found=str(error)[:200], next_step="Correct it.") from None


def read_facts(model: type[Model], path: Path, name: str) -> Model:
    """The file as a `model`. Raises CourseError naming file, item and field."""
    return checked(model, read_yaml(path, name), name)


def checked(model: type[Model], plain: Any, name: str) -> Model:
    """Plain values as a `model`. Raises CourseError naming item and field, with `name` before them."""
    try:
        return model.model_validate(plain)
    except ValidationError as error:
        raise _located(name, plain, error) from None


def _located(name: str, plain: Any, error: ValidationError) -> CourseError:
    first = error.errors()[0]
    others = error.error_count() - 1
    more = f" ({others} more like it after this one.)" if others else ""
    where = ", ".join([name, *_path(plain, first["loc"])])
    if first["type"] == "extra_forbidden":
        return CourseError(
            where,
            expected="only known keys",
            found=f"`{first['loc'][-1]}`",
            next_step="Delete it or correct its spelling." + more,
        )
    if first["type"] == "missing":
        return CourseError(where, expected="a value", found="none", next_step="Add the key." + more)
    expected = str(first["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    return CourseError(where, expected=expected, found=repr(first["input"])[:80], next_step="Correct it." + more)


def _path(plain: Any, location: tuple[int | str, ...]) -> list[str]:
    """`("items", 2, "choice", "points")` told as `item q1c`, `points`."""
    words: list[str] = []
    value = plain
    for step in location:
        if isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
            label = value.get("id") or value.get("key") or value.get("point") if isinstance(value, dict) else None
            words[-1:] = [f"{words[-1].removesuffix('s')} {label or step + 1}"]
        elif isinstance(value, dict) and step in value:
            value = value[step]
            words.append(str(step))
        elif not (isinstance(value, dict) and value.get("kind") == step):
            words.append(str(step))
    return words
