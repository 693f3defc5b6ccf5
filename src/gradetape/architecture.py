"""An architecture that arrived as JSON, checked against an allow-list before anything is built from it.

    found = read(facts["model"], most_parameters=5_000_000)
    if isinstance(found, Refusal): ...  # reasons a student can read; nothing crashed

What passes holds only known Keras layers with settings in sane ranges, connected without a cycle, with every shape
and the number of parameters computed here, in whole numbers, before Keras allocates a byte.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gradetape.domain import JsonValue
from gradetape.layer_rules import QUIET, RULES, OutOfRange, Settings, Shape

MOST_LAYERS = 200
OURS = ("keras.src.layers.", "keras.layers")


@dataclass(frozen=True)
class Node:
    """One call of one layer. `repeats` names the earlier node whose weights it shares, or is empty.

    `shape` is what it gives, without the batch. `quiet` nodes do nothing once training noise is switched off.
    """

    name: str
    layer: str
    settings: Settings
    inputs: tuple[str, ...]
    shape: Shape
    parameters: int
    trainable: bool = True
    repeats: str = ""

    @property
    def quiet(self) -> bool:
        return self.layer in QUIET


@dataclass(frozen=True)
class Architecture:
    """A checked architecture: nodes in an order in which each comes after its inputs. The last one is the output."""

    input_shape: Shape
    nodes: tuple[Node, ...]

    @property
    def parameters(self) -> int:
        return sum(node.parameters for node in self.nodes)

    @property
    def output_shape(self) -> Shape:
        return self.nodes[-1].shape

    def as_json(self) -> dict[str, JsonValue]:
        """What the training probe builds from."""
        return {
            "input_shape": list(self.input_shape),
            "nodes": [
                {
                    "name": node.name,
                    "layer": node.layer,
                    "settings": dict(node.settings),
                    "inputs": list(node.inputs),
                    "trainable": node.trainable,
                    "repeats": node.repeats,
                    "quiet": node.quiet,
                }
                for node in self.nodes
            ],
        }


@dataclass(frozen=True)
class Refusal:
    """Why an architecture cannot be rebuilt from its description: sentences for the report, never an exception."""

    reasons: tuple[str, ...]


@dataclass
class _Reading:
    """The nodes read so far. The input layer is no node: other nodes name it as what feeds them."""

    shapes: dict[str, Shape] = field(default_factory=dict)
    nodes: list[Node] = field(default_factory=list)


def read(
    model: Mapping[str, JsonValue], *, most_parameters: int, input_shape: Sequence[int] = (28, 28, 1)
) -> Architecture | Refusal:
    """The architecture that `model` (as probes/structure.py describes it) stands for, or why it is refused."""
    layers = model.get("layers")
    if model.get("connected") is not True:
        return Refusal(("How its layers are connected can only be seen by running its own code.",))
    if not isinstance(layers, list) or not 1 <= len(layers) <= MOST_LAYERS:
        return Refusal((f"It needs 1 to {MOST_LAYERS} layers.",))
    reading = _Reading({"": tuple(input_shape)})
    reasons = [reason for layer in layers if (reason := _read_layer(layer, reading))]
    if reasons:
        return Refusal(tuple(reasons[:5]))
    if not reading.nodes:
        return Refusal(("It has no layer besides its input.",))
    found = Architecture(tuple(input_shape), tuple(reading.nodes))
    if found.parameters > most_parameters:
        return Refusal((f"It has {found.parameters:,} parameters; at most {most_parameters:,} are trained here.",))
    return found


def _read_layer(layer: JsonValue, reading: _Reading) -> str:
    """Adds the layer to `reading`; a reason why it cannot be, or nothing."""
    if not isinstance(layer, Mapping) or not isinstance(layer.get("name"), str):
        return "A layer has no name."
    name, kind = layer["name"], layer.get("class")
    inputs = layer.get("inputs")
    if kind == "InputLayer":
        reading.shapes[name] = reading.shapes[""]
        return _input_fault(layer, reading.shapes[""])
    rule = RULES.get(kind) if isinstance(kind, str) else None
    if rule is None or not str(layer.get("module")).startswith(OURS):
        return f"`{str(kind)[:60]}` is not among the layers that can be rebuilt."
    if not isinstance(inputs, list) or not all(isinstance(source, str) for source in inputs):
        return f"`{name[:60]}` does not say what feeds it."
    sources = tuple(inputs) or ("",)
    if unknown := [source for source in sources if source not in reading.shapes]:
        return f"`{name[:60]}` is fed by `{unknown[0][:60]}`, which could not be read."
    repeats = layer.get("repeats") or ""
    if not isinstance(repeats, str) or (repeats and repeats not in reading.shapes):
        return f"`{name[:60]}` shares the weights of a layer that could not be read."
    if name in reading.shapes:
        return f"Two layers are called `{name[:60]}`."
    config = layer.get("config")
    try:
        settings = rule.read(config if isinstance(config, Mapping) else {})
        shape, parameters = rule.size(settings, [reading.shapes[source] for source in sources])
    except OutOfRange as fault:
        return f"`{name[:60]}` ({kind}): {fault}."
    if any(size < 1 for size in shape) or math.prod(shape) > 2**24:
        return f"`{name[:60]}` ({kind}) would give maps of the impossible size {shape}."
    reading.shapes[name] = shape
    reading.nodes.append(
        Node(
            name,
            str(kind),
            settings,
            sources,
            shape,
            0 if repeats else parameters,
            layer.get("trainable") is not False,
            repeats,
        )
    )
    return ""


def _input_fault(layer: Mapping[str, JsonValue], expected: Shape) -> str:
    config = layer.get("config")
    shape = config.get("batch_shape") if isinstance(config, Mapping) else None
    asked = list(shape[1:]) if isinstance(shape, list) else []
    if len(asked) == len(expected) and all(size in (None, right) for size, right in zip(asked, expected)):  # noqa: B905 - lengths are equal
        return ""
    return f"Its input is {tuple(asked)}, not {expected}."
