"""Loads the student's program and turns whatever goes wrong in it into facts.

program = load(Path("submission.py"), defines=["build_model", "train"])
model, error = program.call("build_model")
result, error = program.attempt("training", lambda: model.fit(images, labels))
channel.send(program.facts)
"""

from __future__ import annotations

import ast
import contextlib
import linecache
import re
import sys
import traceback
import types
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gradetape.probes import channel

FILE = "submission.py"
MODULE = "submission"
MESSAGE_LENGTH = 800
LINE_LENGTH = 200
FRAMES_AT_EACH_END = 4
QUOTED_FRAME = re.compile(r'\s*File "(?P<file>[^"]{1,500})", line \d{1,7}')
ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")

Error = dict[str, Any]


@dataclass
class Program:
    """A student's program after its top level has run, as far as it ran.

    `errors` gathers everything that went wrong, in order; each is {"stage", "type", "message", "line", "source_line",
    "caret", "traceback"} with lines counted in the student's own file.
    """

    module: types.ModuleType
    defines: tuple[str, ...] = ()
    attempted: bool = False
    unfinished: tuple[str, ...] = ()
    errors: list[Error] = field(default_factory=list)

    @property
    def facts(self) -> dict[str, Any]:
        """What there is to say now: attempted, defined, missing, unfinished, errors."""
        defined = [name for name in self.defines if callable(self.get(name))]
        return {
            "attempted": self.attempted,
            "defined": defined,
            "missing": [name for name in self.defines if name not in defined],
            "unfinished": list(self.unfinished),
            "errors": list(self.errors),
        }

    def get(self, name: str) -> Any:
        """What the program calls `name`, or None."""
        return vars(self.module).get(name)

    def call(self, name: str, *args: Any, **keywords: Any) -> tuple[Any, Error | None]:
        """What the student's function returned, or the error it ended in, also kept in `errors`. Never raises."""
        function = self.get(name)
        if not callable(function):
            error = self._keep(_record(name, "NameError", f"`{name}` is not defined in the submission."))
            return None, error
        return self.attempt(name, lambda: function(*args, **keywords))

    def attempt(self, stage: str, act: Callable[[], Any]) -> tuple[Any, Error | None]:
        """What `act` returned, or the error it ended in, for library calls that run student's code. Never raises."""
        try:
            return act(), None
        except BaseException as error:  # noqa: BLE001  sys.exit and Ctrl-C of the student's making are facts like any other
            return None, self._keep(describe(error, stage))

    def _keep(self, error: Error) -> Error:
        self.errors.append(error)
        return error


def load(source: str | Path, defines: Sequence[str] = ()) -> Program:
    """Run the program's top level as module `submission`. Never raises for anything the student wrote.

    `source` is the text, or the path of the file that holds it. What it prints goes where prints go.
    The stage "program" is noted just before the first line runs.
    """
    text = source.read_text(encoding="utf-8") if isinstance(source, Path) else source
    module = types.ModuleType(MODULE)
    module.__file__ = FILE
    sys.modules[MODULE] = module  # Keras and pickle look classes up by their module's name
    linecache.cache[FILE] = (len(text), None, text.splitlines(keepends=True), FILE)
    program = Program(module, tuple(defines))
    channel.note("program")
    code, _ = program.attempt("syntax", lambda: _compiled(text))
    program.attempted = bool(text.strip())
    if code is not None:
        tree, _ = program.attempt("syntax", lambda: ast.parse(text))
        if tree is not None:
            program.unfinished = tuple(sorted(_unfinished(tree, defines)))
            program.attempted = _is_attempted(tree, defines, program.unfinished)
        program.attempt("import", lambda: exec(code, vars(module)))
    return program


def _compiled(text: str) -> types.CodeType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "\d" in a student's string is no news
        return compile(text, FILE, "exec", dont_inherit=True)


def _functions(tree: ast.Module) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    return {node.name: node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}


def _unfinished(tree: ast.Module, defines: Sequence[str]) -> set[str]:
    functions = _functions(tree)
    return {name for name in defines if name in functions and _is_blank(functions[name])}


def _is_blank(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Nothing but a docstring, `pass`, `...` and `raise NotImplementedError`."""
    return all(
        isinstance(line, ast.Pass)
        or (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
        or (isinstance(line, ast.Raise) and "NotImplementedError" in ast.dump(line))
        for line in function.body
    )


def _is_attempted(tree: ast.Module, defines: Sequence[str], unfinished: Sequence[str]) -> bool:
    if not defines:
        return any(not isinstance(line, (ast.Import, ast.ImportFrom)) for line in tree.body)
    assigned = {
        target.id
        for line in tree.body
        if isinstance(line, ast.Assign)
        for target in line.targets
        if isinstance(target, ast.Name)
    }
    written = set(_functions(tree)) | assigned | {line.name for line in tree.body if isinstance(line, ast.ClassDef)}
    wanted = set(defines)
    return bool(wanted & written - set(unfinished)) or (not wanted & written and _does_something(tree))


def _does_something(tree: ast.Module) -> bool:
    plain = (ast.Import, ast.ImportFrom)
    return any(
        not isinstance(line, plain) and not (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
        for line in tree.body
    )


def describe(error: BaseException, stage: str) -> Error:
    """`error` as a record: where it happened in the student's own file, with none of our lines."""
    kind, message = _name(error), _message(error)
    if isinstance(error, SyntaxError) and error.filename == FILE:
        return _syntax(error, stage, kind)
    frames = [frame for frame in _frames(error) if frame.filename == FILE]
    if not frames:
        return _record(stage, kind, message)
    last = frames[-1]
    if len(frames) > 2 * FRAMES_AT_EACH_END:  # endless recursion says the same line a thousand times
        frames = frames[:FRAMES_AT_EACH_END] + frames[-FRAMES_AT_EACH_END:]
    lines = [f"line {frame.lineno}, in {frame.name}: {_cut(frame.line or '', LINE_LENGTH)}" for frame in frames]
    return _record(stage, kind, message, line=last.lineno, source_line=_cut(last.line or "", LINE_LENGTH), lines=lines)


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    try:
        return list(traceback.extract_tb(error.__traceback__))
    except Exception:  # noqa: BLE001  a traceback that students have tampered with is no traceback
        return []


def is_students(error: BaseException) -> bool:
    """Whether any line of the submission was running when `error` arose."""
    return any(frame.filename == FILE for frame in _frames(error))


def _syntax(error: SyntaxError, stage: str, kind: str) -> Error:
    source_line = _cut((error.text or "").rstrip("\n"), LINE_LENGTH)
    caret = " " * max(0, (error.offset or 1) - 1) + "^" if source_line else ""
    record = _record(stage, kind, _clean(str(error.msg)), line=error.lineno, source_line=source_line)
    return {**record, "caret": caret[: LINE_LENGTH + 1], "traceback": [f"line {error.lineno}: {source_line.strip()}"]}


def _record(
    stage: str, kind: str, message: str, *, line: int | None = None, source_line: str = "", lines: Sequence[str] = ()
) -> Error:
    return {
        "stage": stage,
        "type": kind,
        "message": message,
        "line": line,
        "source_line": source_line,
        "caret": "",
        "traceback": list(lines),
    }


def _name(error: BaseException) -> str:
    return _cut(str(type(error).__name__), 80)


def _message(error: BaseException) -> str:
    with contextlib.suppress(BaseException):  # a student's own exception may fail to say what it is
        return _clean(str(error))
    return "(the exception has no readable message)"


def _clean(text: str) -> str:
    """Without colours, and without the library's own lines that TensorFlow's graph errors quote in their message."""
    kept: list[str] = []
    lines = iter(ESCAPES.sub("", text).splitlines())
    for line in lines:
        if (place := QUOTED_FRAME.match(line)) and place["file"] != FILE:
            next(lines, "")  # the line of code that stood there
        else:
            kept.append(line)
    return _cut("\n".join(kept).strip(), MESSAGE_LENGTH)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
