"""Notebook commands (`%matplotlib inline`, `!pip install …`, `model.fit?`) -> comments, line by line.

Lines keep their numbers. A line that only looks like a command, inside a string or a bracket, stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Magics whose cell is still Python; after all others it is another language.
PYTHON_CELLS = frozenset({"%%time", "%%timeit", "%%capture", "%%prun", "%%memit", "%%mprun"})

COMMAND = re.compile(r"[ \t]*(?:[%!]|\?{1,2}\w|get_ipython\(\)\s*\.)")
HELP = re.compile(r"[ \t]*[\w.\[\]'\"%*]+\?{1,2}\s*\Z")
ASSIGNED = re.compile(r"([ \t]*[^\W\d]\w*[ \t]*)=[ \t]*((?:[%!]|get_ipython\(\)).*)\Z", re.DOTALL)
SUSPECT = re.compile(r"^[ \t]*[%!?]|\?[ \t]*$|=[ \t]*[%!]|get_ipython", re.MULTILINE)
PART = re.compile(r"'''|\"\"\"|'|\"|#|\\.|[(\[{]|[)\]}]", re.DOTALL)


def without_magics(source: str) -> str:
    r"""`source` with every notebook command commented out, line for line.

    >>> print(without_magics("%matplotlib inline\nx = 3\nif x:\n    !ls\nn = (7\n  %x)"))
    # %matplotlib inline
    x = 3
    if x:
        pass  # !ls
    n = (7
      %x)
    """
    if not SUSPECT.search(source):
        return source
    lines = source.split("\n")
    first = next((line for line in lines if line.strip()), "").strip()
    if first.startswith("%%") and first.split()[0] not in PYTHON_CELLS:
        return "\n".join(f"# {line}".rstrip() for line in lines)
    return "\n".join(_rewritten(lines))


def _rewritten(lines: list[str]) -> list[str]:
    result, inside, continued = [], Inside(), False
    for line in lines:
        command = f"# {line.lstrip()}" if continued else _as_comment(line) if inside.nothing else ""
        if command:
            result.append(command)
            continued = line.rstrip().endswith("\\")
            continue
        result.append(line)
        inside = inside.after(line)
    return result


def _as_comment(line: str) -> str:
    """A notebook command as Python that does nothing, or "" for a line that is Python already."""
    if assigned := ASSIGNED.match(line):
        return f"{assigned.group(1)}= None  # {assigned.group(2)}"
    if not (COMMAND.match(line) or HELP.match(line)):
        return ""
    command = line.lstrip()
    indent = line[: len(line) - len(command)]
    # An indented command may be all that its block holds.
    return f"{indent}pass  # {command}" if indent else f"# {command}"


@dataclass(frozen=True)
class Inside:
    """What is still open at the end of a line: a triple-quoted string, brackets, or a backslash."""

    quotes: str = ""
    brackets: int = 0
    backslash: bool = False

    @property
    def nothing(self) -> bool:
        return not (self.quotes or self.brackets or self.backslash)

    def after(self, line: str) -> Inside:
        quotes, brackets = self.quotes, self.brackets
        for part in (match.group() for match in PART.finditer(line)):
            if quotes:
                quotes = "" if part == quotes else quotes
            elif part == "#":
                break
            elif part in ("'", '"', "'''", '"""'):
                quotes = part
            elif part in "([{":
                brackets += 1
            elif part in ")]}":
                brackets = max(0, brackets - 1)
        open_string = quotes if len(quotes) == 3 else ""
        return Inside(open_string, brackets, line.endswith("\\") and not open_string)
