"""A built Keras model as plain JSON facts: its layers in order, with sizes, settings and connections.

Where the model's graph can be read (Sequential, functional, and subclassed models whose `call` uses Keras layers and
operations), `connected` is true and each layer names its inputs. Elsewhere the layers are listed in the order in
which one forward pass enters them, with those inside a custom layer after it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np

JsonFacts = dict[str, Any]
LONGEST_LIST = 16
LONGEST_TEXT = 120
DEEPEST = 4
OWN_MODULES = ("keras.src.", "keras.layers", "keras.ops", "keras.models")


def describe(model: keras.Model, input_shape: Sequence[int]) -> JsonFacts:
    """All that a judge may know of `model`, which takes images of `input_shape` (without the batch).

    The model is built if it is not. Raises what the student's own code raises.
    """
    build(model, input_shape)
    graph = model if _has_graph(model) else expanded(model, input_shape)
    layers = _graph_layers(graph) if graph is not None else None
    connected = layers is not None and all(_is_ours(layer["module"]) for layer in layers)
    if layers is None or not connected:
        layers = called_layers(model, input_shape)
    return {
        "class": type(model).__name__,
        "kind": kind_of(model),
        "connected": connected,
        "input_shape": [None, *input_shape],
        "output_shape": output_shape(model, input_shape),
        "parameters": count(model.weights),
        "trainable_parameters": count(model.trainable_weights),
        "layers": layers,
        "operations": {} if connected else operations(model, input_shape),
    }


def build(model: keras.Model, input_shape: Sequence[int]) -> None:
    """`model` has its weights. A symbolic call leaves the batch size open, which a call on an array would not."""
    if not model.built or not model.weights:
        model(keras.Input(tuple(input_shape)))


def output_shape(model: keras.Model, input_shape: Sequence[int]) -> Any:
    """The shape of what `model` returns for a batch, with None for the batch; a list of shapes for several outputs."""
    made = model(keras.Input(tuple(input_shape)))
    shapes = [list(tensor.shape) for tensor in keras.tree.flatten(made)]
    return shapes[0] if len(shapes) == 1 else shapes


def kind_of(model: keras.Model) -> str:
    """Which of the three ways of writing a Keras model it is."""
    if isinstance(model, keras.Sequential):
        return "sequential"
    return "functional" if _has_graph(model) else "subclassed"


def expanded(model: keras.Model, input_shape: Sequence[int]) -> keras.Model | None:
    """The functional model that a subclassed one amounts to, sharing its layers; None where `call` leaves Keras."""
    pixels = keras.Input(tuple(input_shape))
    try:
        return keras.Model(pixels, model.call(pixels))
    except Exception:  # noqa: BLE001 - any `call` that works on arrays alone is a fair way to write a model
        return None


def count(variables: Sequence[Any]) -> int:
    """How many numbers the variables hold together."""
    return sum(math.prod(variable.shape) for variable in variables)


def every_layer(layer: Any, seen: set[int] | None = None) -> Iterator[Any]:
    """`layer` and all layers reachable from it, each once: those of models, and those that custom layers keep."""
    seen = set() if seen is None else seen
    if id(layer) in seen:
        return
    seen.add(id(layer))
    yield layer
    for part in [*getattr(layer, "layers", []), *vars(layer).values()]:
        for inner in part if isinstance(part, (list, tuple)) else [part]:
            if isinstance(inner, keras.layers.Layer):
                yield from every_layer(inner, seen)


def scalars(value: Any, depth: int = 0) -> Any:
    """A configuration without anything but short texts, finite numbers, lists and objects of them.

    A serialised Keras object becomes {"class": its name, …its own settings}.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    if depth >= DEEPEST:
        return None
    if isinstance(value, (list, tuple)):
        return [scalars(part, depth + 1) for part in value[:LONGEST_LIST]]
    if isinstance(value, dict) and "class_name" in value:
        inner = value.get("config")
        own = scalars(inner, depth + 1) if isinstance(inner, dict) else {"named": scalars(inner, depth + 1)}
        return {"class": str(value["class_name"])[:LONGEST_TEXT], **own}
    if isinstance(value, dict):
        return {str(key)[:LONGEST_TEXT]: scalars(part, depth + 1) for key, part in list(value.items())[:64]}
    return None


def operations(model: keras.Model, input_shape: Sequence[int]) -> dict[str, int]:
    """How often each elementary operation stands in the traced model; empty on backends other than TensorFlow."""
    if keras.backend.backend() != "tensorflow":
        return {}
    import tensorflow as tf  # only this backend can list its operations

    try:
        traced = tf.function(lambda pixels: model(pixels)).get_concrete_function(
            tf.TensorSpec((None, *input_shape), tf.float32)
        )
    except Exception:  # noqa: BLE001 - a model that cannot be traced is still a model
        return {}
    definition = traced.graph.as_graph_def()
    found = Counter(node.op for node in definition.node)
    for function in definition.library.function:
        found.update(node.op for node in function.node_def)
    return dict(sorted(found.items()))


def called_layers(model: keras.Model, input_shape: Sequence[int]) -> list[JsonFacts]:
    """The layers that one forward pass of zeros enters, in order; `inside` names the custom layer around each."""
    entered: list[JsonFacts] = []
    around: list[str] = []
    plain_call = keras.layers.Layer.__call__

    def recording_call(layer: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(layer, keras.Model):
            return plain_call(layer, *args, **kwargs)
        entry = _facts_of(layer, f"{layer.name}", list(around))
        entered.append(entry)
        around.append(layer.name)
        try:
            made = plain_call(layer, *args, **kwargs)
        finally:
            around.pop()
        entry["input_shape"], entry["output_shape"] = _batchless(args[:1]), _batchless(made)
        return made

    with _replaced(keras.layers.Layer, "__call__", recording_call):
        model(keras.ops.zeros((1, *input_shape)))
    kept = [entry for entry in entered if not entry["inside"] or not _is_ours(_module_of(entry["inside"][-1], entered))]
    return _named_once(kept)


def _graph_layers(model: keras.Model) -> list[JsonFacts] | None:
    try:
        return _named_once(_flattened(model, [], "")[0])
    except Exception:  # noqa: BLE001 - custom layers without get_config: their calls can still be recorded
        return None


def _flattened(model: keras.Model, feeds: Sequence[str], inside: str) -> tuple[list[JsonFacts], str]:
    """The layers of `model` fed from `feeds`, nested models unfolded, and the name of the last one."""
    if isinstance(model, keras.Sequential):
        return _chain(model, feeds, inside)
    return _graph(model, feeds, inside)


def _chain(model: keras.Sequential, feeds: Sequence[str], inside: str) -> tuple[list[JsonFacts], str]:
    listed: list[JsonFacts] = []
    last = list(feeds)
    for layer in model.layers:
        if _has_graph(layer):
            inner, end = _flattened(layer, last, _path(inside, layer.name))
            listed += inner
        else:
            end = _path(inside, layer.name)
            listed.append({**_facts_of(layer, end, [inside] if inside else []), "inputs": list(last)})
        last = [end]
    return listed, last[0] if last else ""


def _graph(model: keras.Model, feeds: Sequence[str], inside: str) -> tuple[list[JsonFacts], str]:
    config = model.get_config()
    parts = {part.name: part for part in model.operations}
    names: dict[tuple[str, int], str] = {}
    listed: list[JsonFacts] = []
    waiting = [
        (entry["name"], index, node)
        for entry in config["layers"]
        for index, node in enumerate(entry["inbound_nodes"] or [None])
    ]
    while waiting:
        ready = [item for item in waiting if all(source in names for source in _sources(item[2]))]
        if not ready:
            raise ValueError("a graph with a cycle")
        for name, index, node in ready:
            inputs = [names[source] for source in _sources(node)]
            part = parts[name]
            if isinstance(part, keras.layers.InputLayer) and feeds:
                names[name, index] = feeds[0]
                continue
            if _has_graph(part):
                inner, names[name, index] = _flattened(part, inputs, _path(inside, name))
                listed += inner
                continue
            names[name, index] = _path(inside, name) + (f"#{index + 1}" if index else "")
            facts = _facts_of(part, names[name, index], [inside] if inside else [])
            if index:
                facts.update(parameters=0, trainable_parameters=0, repeats=_path(inside, name))
            listed.append({**facts, "inputs": inputs})
        done = {(name, index) for name, index, _ in ready}
        waiting = [item for item in waiting if (item[0], item[1]) not in done]
    ends = keras.tree.flatten(config["output_layers"])
    return listed, names[str(ends[0]), int(ends[1])]


def _sources(node: Any) -> list[tuple[str, int]]:
    """Which (layer, call) the tensors of a serialised call come from."""
    if isinstance(node, dict):
        if node.get("class_name") == "__keras_tensor__":
            name, index, _ = node["config"]["keras_history"]
            return [(name, index)]
        return [source for part in node.values() for source in _sources(part)]
    if isinstance(node, (list, tuple)):
        return [source for part in node for source in _sources(part)]
    return []


def _facts_of(layer: Any, name: str, inside: list[str]) -> JsonFacts:
    weights = list(getattr(layer, "weights", []))
    trainable = list(getattr(layer, "trainable_weights", []))
    return {
        "name": name,
        "class": type(layer).__name__,
        "module": type(layer).__module__,
        "config": _config_of(layer),
        "inputs": [],
        "input_shape": _shape(layer, "input"),
        "output_shape": _shape(layer, "output"),
        "parameters": count(weights),
        "trainable_parameters": count(trainable),
        "trainable": bool(getattr(layer, "trainable", True)),
        "inside": inside,
    }


def _config_of(layer: Any) -> JsonFacts:
    try:
        config = layer.get_config()
    except Exception:  # noqa: BLE001 - custom layers need not have one
        return {}
    dull = ("name", "trainable", "dtype", "build_config")
    return {key: scalars(value, 1) for key, value in config.items() if key not in dull}


def _shape(layer: Any, side: str) -> Any:
    try:
        tensor = getattr(layer, side)
    except (AttributeError, ValueError):  # never called symbolically, or more than once
        return None
    shapes = [list(part.shape) for part in keras.tree.flatten(tensor)]
    return shapes[0] if len(shapes) == 1 else shapes


def _batchless(tensors: Any) -> Any:
    shapes = [[None, *list(part.shape)[1:]] for part in keras.tree.flatten(tensors) if hasattr(part, "shape")]
    return shapes[0] if len(shapes) == 1 else shapes


def _named_once(layers: list[JsonFacts]) -> list[JsonFacts]:
    seen: Counter[str] = Counter()
    for layer in layers:
        seen[layer["name"]] += 1
        if seen[layer["name"]] > 1:
            layer.update(parameters=0, trainable_parameters=0, repeats=layer["name"])
            layer["name"] += f"#{seen[layer['name']]}"
    return layers


def _module_of(name: str, entries: list[JsonFacts]) -> str:
    return next((entry["module"] for entry in entries if entry["name"] == name), "")


def _has_graph(layer: Any) -> bool:
    """Whether a layer is a model whose graph Keras itself keeps: Sequential or functional, but no subclass of them."""
    if isinstance(layer, keras.Sequential):
        return type(layer) is keras.Sequential
    return isinstance(layer, keras.Model) and type(layer).__module__.startswith("keras.src.models.functional")


def _is_ours(module: str) -> bool:
    return module.startswith(OWN_MODULES)


def _path(inside: str, name: str) -> str:
    return f"{inside}/{name}" if inside else name


@contextmanager
def _replaced(owner: type, name: str, value: Any) -> Iterator[None]:
    kept = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, kept)
