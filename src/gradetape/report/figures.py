"""The training curve against its threshold, as an SVG that stands inside a page with a strict content policy.

matplotlib draws it; then inline styles, which the policy forbids, become attributes, and its few marker colours
become classes, so that the page's style sheet colours the figure in light and in dark.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from gradetape.domain import JsonValue
from gradetape.report.training_curve import Curve, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_PAGE_CLASSES = {
    "#010101": "ink",
    "#020202": "muted",
    "#030303": "grid",
    "#040404": "threshold",
    "#050505": "series-1",
    "#060606": "series-2",
    "#070707": "series-3",
    "#080808": "series-4",
}
_SETTINGS: JsonValue = {  # matplotlib's own type for this names every setting there is
    "svg.hashsalt": "gradetape",
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.titlesize": 10,
}
_COLOURS = {name: colour for colour, name in _PAGE_CLASSES.items()}


def curve_svg(curve: Curve, name: str) -> str:
    """The figure as an `<svg>` element. The same curve and name give the same bytes; `name` keeps its ids apart."""
    import matplotlib  # here, so that reports without a curve never pay for it
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with matplotlib.rc_context(_SETTINGS):
        figure = Figure(figsize=(5.4, 2.7))
        FigureCanvasSVG(figure)
        _draw(figure.add_subplot(), curve)
        figure.tight_layout(pad=0.4)
        written = io.StringIO()
        figure.savefig(written, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _page_svg(written.getvalue(), name, curve.words)


def _draw(axes: Axes, curve: Curve) -> None:
    from matplotlib.ticker import MaxNLocator  # late, for the same reason as above

    for number, series in enumerate(curve.series, start=1):
        across, up = zip(*series.points, strict=True)
        colour = _COLOURS[f"series-{number}"]
        marker = "o" if len(across) <= 40 else None
        axes.plot(across, up, color=colour, linewidth=2, marker=marker, markersize=4, label=series.name)
    if curve.threshold is not None:
        axes.axhline(curve.threshold, color=_COLOURS["threshold"], linewidth=1.5, linestyle=(0, (5, 3)))
        axes.annotate(
            f"needed: {percent(curve.threshold)}",
            (0.01, curve.threshold),
            xycoords=("axes fraction", "data"),
            xytext=(0, 3),
            textcoords="offset points",
            color=_COLOURS["threshold"],
        )
    if curve.accuracy is not None:
        _draw_end(axes, max(series.points[-1][0] for series in curve.series), curve.accuracy)
    axes.set_ylim(0, 1.04)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1.0], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    axes.set_xlabel(curve.x_name, color=_COLOURS["muted"], labelpad=7)
    axes.set_title("accuracy", loc="left", color=_COLOURS["muted"], pad=8)
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    axes.tick_params(colors=_COLOURS["muted"], length=0)
    axes.grid(axis="y", color=_COLOURS["grid"], linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_COLOURS["grid"])
    if len(curve.series) > 1:
        axes.legend(frameon=False, loc="lower right", labelcolor=_COLOURS["ink"])


def _draw_end(axes: Axes, across: float, accuracy: float) -> None:
    """The accuracy that counts, as a diamond where training ended."""
    axes.plot([across], [accuracy], "D", color=_COLOURS["ink"], markersize=6, clip_on=False)
    axes.annotate(
        f"held-out: {percent(accuracy)}",
        (across, accuracy),
        xytext=(2, 7),
        textcoords="offset points",
        ha="right",
        color=_COLOURS["ink"],
    )


def _page_svg(written: str, name: str, words: str) -> str:
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _XLINK)
    root = ElementTree.fromstring(written[written.index("<svg") :])
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"):
                parent.remove(child)
    used = set(re.findall(r"#([\w.-]+)", written))
    for element in root.iter():
        _attributes_for_styles(element)
        _own_ids(element, name, used)
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    root.set("class", "curve")
    root.set("role", "img")
    root.set("aria-label", words)
    return ElementTree.tostring(root, encoding="unicode")


def _attributes_for_styles(element: ElementTree.Element) -> None:
    classes = []
    for declaration in element.attrib.pop("style", "").split(";"):
        key, _, value = (part.strip() for part in declaration.partition(":"))
        if key.startswith("font"):
            continue  # size and family come from the page
        if value in _PAGE_CLASSES:
            classes.append(f"{key}-{_PAGE_CLASSES[value]}")
        elif key:
            element.set(key, value)
    if classes:
        element.set("class", " ".join(classes))


def _own_ids(element: ElementTree.Element, name: str, used: set[str]) -> None:
    """Ids that something points to begin with the figure's name; the others go."""
    if element.attrib.get("id") not in used:
        element.attrib.pop("id", None)
    else:
        element.set("id", f"{name}-{element.attrib['id']}")
    for key in (f"{{{_XLINK}}}href", "href"):
        if element.attrib.get(key, "").startswith("#"):
            element.set(key, f"#{name}-{element.attrib[key][1:]}")
    for key, value in list(element.attrib.items()):
        if "url(#" in value:
            element.set(key, re.sub(r"url\(#", f"url(#{name}-", value))
