"""Finds the pretrained base inside a student's model, what reaches it, and what was put on top of it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from gradetape.probes import structure
from gradetape.probes.pretrained import Family, Loaded, Shelf, expected_scale, family_of

JsonFacts = dict[str, Any]
LEAST_LAYERS = 10  # fewer make no network of keras.applications
SCALING = ("Rescaling", "Normalization")
ENTRIES = ("Conv2D", "ZeroPadding2D")
STATISTICS = ("moving_mean", "moving_variance", "mean", "variance", "count", "seed_generator_state")


class Reached(BaseException):
    """The base has been reached; nothing behind it needs to be computed. No `except Exception` may swallow it."""


@dataclass(frozen=True)
class Base:
    """A pretrained network inside a model. `weights`: "imagenet", "stand-in", or "none" when it starts from nothing."""

    network: keras.Model
    family: Family | None
    weights: str
    with_top: bool

    @property
    def scale(self) -> str:
        """The scale it wants its images in, or "unknown"."""
        return expected_scale(self.family, self.network) if self.family else "unknown"

    @property
    def paths(self) -> frozenset[str]:
        """The paths of its variables."""
        return frozenset(variable.path for variable in self.network.variables)


def find_base(model: keras.Model, returned: Any, shelf: Shelf) -> Base | None:
    """The base: what `build_model` returned as such, else what had weights loaded, else the largest model inside."""
    inside = {id(variable) for variable in model.variables}
    loaded = {id(entry.model): entry for entry in shelf.loaded}
    named = [returned] if isinstance(returned, keras.Model) and returned is not model else []
    known = [entry.model for entry in shelf.loaded]
    nested = sorted(_models_in(model), key=lambda each: -len(each.layers))
    for network in [*named, *known, *nested]:
        shared = any(id(variable) in inside for variable in network.variables)
        if shared and len(_flat(network)) >= LEAST_LAYERS:
            return _as_base(network, loaded, shelf)
    return None


def _as_base(network: keras.Model, loaded: dict[int, Loaded], shelf: Shelf) -> Base:
    entry = loaded.get(id(network)) or _loaded_within(network, shelf)
    family = family_of(entry.file) if entry else family_of(network.name) or _family_within(network)
    weights = entry.weights if entry else "none"
    return Base(entry.model if entry else network, family, weights, entry.with_top if entry else False)


def _loaded_within(network: keras.Model, shelf: Shelf) -> Loaded | None:
    """The loaded network that `network` was cut from or built around: they share variables."""
    inside = {id(variable) for variable in network.variables}
    return next((e for e in shelf.loaded if any(id(variable) in inside for variable in e.model.variables)), None)


def _family_within(network: keras.Model) -> Family | None:
    return next((family for part in _models_in(network) if (family := family_of(part.name))), None)


def _models_in(model: Any) -> Iterator[keras.Model]:
    for layer in getattr(model, "layers", []):
        if isinstance(layer, keras.Model):
            yield layer
            yield from _models_in(layer)


def _flat(model: Any) -> list[Any]:
    found = []
    for layer in model.layers:
        found += _flat(layer) if isinstance(layer, keras.Model) else [layer]
    return found


def learned(variables: Any) -> list[Any]:
    """The variables that gradients change when they are trainable: no running statistics, no random states."""
    return [each for each in variables if each.path.rpartition("/")[2] not in STATISTICS]


def base_facts(model: keras.Model, base: Base | None) -> JsonFacts:
    """The base as the judge sees it; empty without one. `parameters` are those that stand in the model."""
    if base is None:
        return {}
    inside = {id(variable) for variable in model.variables}
    variables = [variable for variable in base.network.variables if id(variable) in inside]
    top = [layer for layer in base.network.layers if isinstance(layer, keras.layers.Dense)]
    return {
        "family": base.family.name if base.family else "unknown",
        "name": base.network.name,
        "weights": base.weights,
        "top_used": any(id(layer.kernel) in inside for layer in top),
        "layers": len(_flat(base.network)),
        "parameters": structure.count(variables),
        "scale": base.scale,
    }


@contextmanager
def watched_entry(base: Base) -> Iterator[list[np.ndarray[Any, Any]]]:
    """Inside the block, a forward pass stops at the base and leaves what reached it in the list."""
    seen: list[np.ndarray[Any, Any]] = []
    entry = _entry(base)
    own_call = entry.call

    @functools.wraps(own_call)
    def call(images: Any, *args: Any, **kwargs: Any) -> Any:
        seen.append(keras.ops.convert_to_numpy(images).astype("float32"))
        raise Reached

    entry.call = call
    try:
        yield seen
    finally:
        entry.call = own_call


def reaching_base(base: Base, forward: Callable[[], Any]) -> np.ndarray[Any, Any] | None:
    """What reached the base when `forward` ran, or None when it never did."""
    with watched_entry(base) as seen, suppress(Reached):
        forward()
    return seen[0] if seen else None


def _entry(base: Base) -> Any:
    """The base's own first layer. Layers that a student put before it through `input_tensor` are not it."""
    wanted = SCALING if base.scale == "raw" else ENTRIES
    layers = _flat(base.network)
    return next((layer for layer in layers if type(layer).__name__ in wanted), layers[0])


def shown_layers(described: JsonFacts, base: Base | None) -> list[JsonFacts]:
    """The model's layers with the base as one."""
    layers = described["layers"]
    found = _span(layers, base)
    if base is None or found is None:
        return list(layers)
    first, last = found
    inside = layers[first : last + 1]
    whole = {
        "name": base.network.name,
        "class": base.family.name if base.family else type(base.network).__name__,
        "config": {"layers": len(inside), "weights": base.weights},
        "inputs": inside[0]["inputs"],
        "input_shape": inside[0]["input_shape"],
        "output_shape": inside[-1]["output_shape"],
        "parameters": sum(layer["parameters"] for layer in inside),
        "trainable_parameters": sum(layer["trainable_parameters"] for layer in inside),
    }
    return [*layers[:first], whole, *layers[last + 1 :]]


def head_of(described: JsonFacts, base: Base | None) -> JsonFacts | None:
    """The layers after the base as a model of their own, fed by the base's last layer; None without a base.

    Its input tells the rank of what the base gives, not the sizes: the head may be put on another base's maps.
    """
    layers = described["layers"]
    found = _span(layers, base)
    if found is None:
        return None
    end = layers[found[1]]
    rank = len(end["output_shape"] or [])
    fed = {"name": end["name"], "class": "InputLayer", "config": {"batch_shape": [None] * rank}, "inputs": []}
    return {"connected": described["connected"], "rank": rank, "layers": [fed, *layers[found[1] + 1 :]]}


def _span(layers: list[JsonFacts], base: Base | None) -> tuple[int, int] | None:
    """The places of the base's first and last layer among `layers`."""
    if base is None:
        return None
    names, prefix = {layer.name for layer in _flat(base.network)}, f"/{base.network.name}/"
    places = [n for n, each in enumerate(layers) if each["name"] in names or prefix in f"/{each['name']}"]
    return (places[0], places[-1]) if places else None
