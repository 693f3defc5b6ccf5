"""Self-contained HTML pages from the templates folder: strict content policy, everything escaped by default."""

from __future__ import annotations

import base64
import functools
import hashlib
import re
import urllib.parse
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from gradetape.domain import State
from gradetape.errors import GradeTapeError
from gradetape.report.safe_text import count, excerpt, one_line, points, visible

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
_CODE = re.compile(r"`([^`\n]{1,300})`")
_SLUG = re.compile(r"q0*(\d+)_(.+)")

STATE_WORDS = {
    State.MET: "Met",
    State.PARTLY: "Partly met",
    State.MISSED: "Missed",
    State.NOT_ATTEMPTED: "Not attempted",
    State.NOT_JUDGED: "Not judged",
    State.PENDING: "Waiting for a person",
}


def render(template: str, script: str = "", templates: Path | None = None, **facts: Any) -> str:
    """The page, with its style and its script inside it and allowed by their hashes; nothing else may load or run."""
    folder = templates or TEMPLATES
    environment = _environment(folder)
    style = _part(folder, "style.css")
    code = _part(folder, script) if script else ""
    policy = [
        "default-src 'none'",
        f"style-src '{_hash(style)}'",
        f"script-src '{_hash(code)}'" if code else "script-src 'none'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    page = environment.get_template(template)
    return page.render(style=Markup(style), script=Markup(code), policy="; ".join(policy), **facts)


def exercise_label(slug: str) -> str:
    """`q02_parameters_and_memory` is called Q2 where space is short; any other slug stays as it is."""
    found = _SLUG.fullmatch(slug)
    return f"Q{found[1]}" if found else slug


def exercise_title(slug: str) -> str:
    """A title for an exercise that the course gives none."""
    found = _SLUG.fullmatch(slug)
    return (found[2] if found else slug).replace("_", " ").capitalize()


def check_name(check: str) -> str:
    """`learns-features-by-convolution` as the words it is made of."""
    return check.replace("-", " ").replace("_", " ")


def relative_link(path: str) -> str:
    """A path beside the page as a link that stays beside it: no scheme, no host."""
    return "./" + urllib.parse.quote(path, safe="/", errors="replace")


def prose(text: str) -> Markup:
    """A message as HTML: its first line a paragraph with `code` marked, the lines after it as they stand."""
    first, _, rest = excerpt(text.strip()).partition("\n")
    paragraph = Markup("<p>{}</p>").format(_inline(first))
    return paragraph + Markup("<pre>{}</pre>").format(visible(rest.rstrip())) if rest.strip() else paragraph


def _inline(text: str) -> Markup:
    safe = str(escape(visible(text)))
    return Markup(_CODE.sub(r"<code>\1</code>", safe))


def _shown(value: object) -> object:
    """What every {{ … }} goes through: text that is not yet HTML is made visible, and then escaped."""
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


@functools.cache
def _environment(folder: Path) -> Environment:
    if not folder.is_dir():
        raise GradeTapeError(f"{folder}: expected the folder of page templates, found none. Run from a full checkout.")
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "prose": prose,
        "inline": _inline,
        "points": points,
        "percent": lambda value: f"{value:.0f} %",
        "short": lambda text: excerpt(text, 200),
        "check_name": check_name,
        "count": count,
        "one_line": one_line,
        "state_word": STATE_WORDS.__getitem__,
        "state_class": lambda state: state.value.replace(" ", "-"),
    }
    environment.globals["states"] = State
    return environment


@functools.cache
def _part(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8").strip()


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
