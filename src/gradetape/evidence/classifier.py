"""What was seen of an image classifier: a view for judges.

Everything here came out of a process that ran a student's code, so nothing is taken to have the type it should have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gradetape.domain import JsonValue
from gradetape.evidence.program import Facts, Program, mapping, number, whole

LINEAR = frozenset({"", "linear"})
ACTIVATION_LAYERS = frozenset({"ReLU", "LeakyReLU", "ELU", "PReLU", "Softmax", "Activation"})
CONVOLUTIONS = frozenset({"Conv2D", "SeparableConv2D", "DepthwiseConv2D", "Conv2DTranspose"})
WEIGHTED = CONVOLUTIONS | {"Dense", "EinsumDense"}
POOLINGS = frozenset({"MaxPooling2D", "AveragePooling2D", "GlobalMaxPooling2D", "GlobalAveragePooling2D"})
NOISES = ("Dropout", "GaussianNoise", "GaussianDropout", "AlphaDropout", "SpatialDropout2D")
NORMALISATIONS = ("BatchNormalization", "LayerNormalization", "GroupNormalization")
NONLINEAR_OPERATIONS = frozenset(
    {"Relu", "Relu6", "LeakyRelu", "Elu", "Selu", "Sigmoid", "Tanh", "Softplus", "Softsign", "Erf", "Erfc"}
)
PASSING_LAYERS = frozenset({"Dropout", "Flatten", "Reshape", "Identity", "BatchNormalization", "LayerNormalization"})


@dataclass(frozen=True)
class Layer:
    """One layer of the model, in plain facts."""

    facts: Facts

    @property
    def name(self) -> str:
        return str(self.facts.get("name", ""))

    @property
    def kind(self) -> str:
        return str(self.facts.get("class", ""))

    @property
    def inputs(self) -> tuple[str, ...]:
        found = self.facts.get("inputs")
        return tuple(str(name) for name in found) if isinstance(found, list) else ()

    @property
    def parameters(self) -> int:
        return whole(self.facts.get("parameters"))

    @property
    def learns(self) -> bool:
        """Whether training may change it; a layer without weights has nothing to freeze."""
        return self.parameters == 0 or whole(self.facts.get("trainable_parameters")) > 0

    def told(self, setting: str) -> JsonValue:
        """One setting of its configuration, or None."""
        return mapping(self.facts.get("config")).get(setting)

    @property
    def activation(self) -> str:
        """Its activation by name; for a custom one, its function's or class's name."""
        if self.kind in ACTIVATION_LAYERS - {"Activation"}:
            return {"Softmax": "softmax"}.get(self.kind, self.kind)
        told = self.told("activation")
        if isinstance(told, Mapping):
            return str(told.get("named") or told.get("class") or "custom")
        return str(told) if told is not None else ""

    @property
    def side(self) -> int | None:
        """Height of the maps it gives, or None for what is no map."""
        shape = self.facts.get("output_shape")
        if isinstance(shape, list) and len(shape) == 4 and isinstance(shape[1], int):
            return shape[1]
        return None


@dataclass(frozen=True)
class Classifier(Program):
    """A program, the model it built, and the few watched steps of its training."""

    # --- the model

    @property
    def model(self) -> Facts:
        return mapping(self.facts.get("model"))

    @property
    def returned(self) -> Facts:
        return mapping(self.facts.get("returned"))

    @property
    def connected(self) -> bool:
        """Whether the way from layer to layer is known."""
        return self.model.get("connected") is True

    @property
    def layers(self) -> tuple[Layer, ...]:
        found = self.model.get("layers")
        return tuple(Layer(layer) for layer in found if isinstance(layer, Mapping)) if isinstance(found, list) else ()

    @property
    def parameters(self) -> int:
        return whole(self.model.get("parameters"))

    @property
    def input_shape(self) -> JsonValue:
        return self.model.get("input_shape")

    @property
    def output_shape(self) -> JsonValue:
        return self.model.get("output_shape")

    @property
    def operations(self) -> Facts:
        """Elementary operations of a model whose layers do not tell the whole story."""
        return mapping(self.model.get("operations"))

    def count(self, *kinds: str) -> int:
        """How many layers are of one of these classes."""
        return sum(layer.kind in kinds for layer in self.layers)

    def of_kind(self, kinds: Iterable[str]) -> tuple[Layer, ...]:
        """The layers of one of these classes, in order."""
        wanted = frozenset(kinds)
        return tuple(layer for layer in self.layers if layer.kind in wanted)

    @property
    def straight_hidden(self) -> tuple[Layer, ...]:
        """Hidden layers with weights whose output goes on without any activation: the output layer is not hidden."""
        weighted = self.of_kind(WEIGHTED)
        if not self.connected:
            return ()
        after = self._followers()
        return tuple(layer for layer in weighted if self._is_straight(layer, after))

    def _is_straight(self, layer: Layer, after: Mapping[str, Sequence[Layer]]) -> bool:
        if layer.activation not in LINEAR:
            return False
        seen, waiting = {layer.name}, [layer]
        while waiting:
            current = waiting.pop()
            following = after.get(current.name, ())
            if not following:
                return False  # it ends in the output: its scores may well be straight
            for next_layer in following:
                if next_layer.kind in WEIGHTED:
                    return not (next_layer.kind in CONVOLUTIONS and layer.kind == "DepthwiseConv2D")
                if next_layer.name in seen or _bends(next_layer):
                    continue
                seen.add(next_layer.name)
                waiting.append(next_layer)
        return False

    def _followers(self) -> dict[str, list[Layer]]:
        after: dict[str, list[Layer]] = {}
        for layer in self.layers:
            for source in layer.inputs:
                after.setdefault(source, []).append(layer)
        return after

    @property
    def bends(self) -> bool:
        """Whether any non-linear activation can be seen, in layers or in elementary operations."""
        if any(_bends(layer) for layer in self.layers[:-1]):
            return True
        return bool(NONLINEAR_OPERATIONS & set(self.operations))

    @property
    def output_activation(self) -> str:
        """The last activation by name; "softmax" also where only the numbers tell; "linear" for scores."""
        named = self._named_output_activation() if self.connected else ""
        if named not in LINEAR:
            return named
        output = mapping(self.facts.get("output"))
        if output.get("sums_to_one") is True:
            return "softmax"
        low, high = output.get("low"), output.get("high")
        if named or not isinstance(low, (int, float)) or not isinstance(high, (int, float)):
            return "linear"
        if low >= 0 and high <= 1 and output.get("zeros") == 0:
            return "sigmoid"
        return "relu" if low >= 0 and number(output.get("zeros")) > 0 else "linear"

    def _named_output_activation(self) -> str:
        by_name = {layer.name: layer for layer in self.layers}
        layer = self.layers[-1] if self.layers else None
        while layer is not None:
            if layer.kind in WEIGHTED or layer.kind in ACTIVATION_LAYERS:
                name = layer.activation or "linear"
                return "relu" if name == "ReLU" else name
            if layer.kind not in PASSING_LAYERS:
                return ""
            layer = by_name.get(layer.inputs[0]) if layer.inputs else None
        return ""

    # --- its training

    @property
    def fits(self) -> tuple[Facts, ...]:
        found = self.facts.get("fits")
        return tuple(fit for fit in found if isinstance(fit, Mapping)) if isinstance(found, list) else ()

    @property
    def fit(self) -> Facts:
        """The last `fit`, which is the one that counts; empty for a loop of the student's own."""
        return self.fits[-1] if self.fits else {}

    @property
    def data(self) -> Facts:
        """What the last `fit` was given to train on."""
        return mapping(self.fit.get("data"))

    @property
    def validation(self) -> Facts:
        return mapping(self.fit.get("validation"))

    @property
    def callbacks(self) -> tuple[str, ...]:
        found = self.fit.get("callbacks")
        return tuple(str(mapping(each).get("class")) for each in found) if isinstance(found, list) else ()

    @property
    def loss(self) -> Facts:
        """The loss it was compiled with, or the one its own loop called."""
        compiled = mapping(self.fit.get("compile")) or mapping(self.facts.get("compile"))
        if loss := mapping(compiled.get("loss")):
            return loss
        called = self.facts.get("losses_called")
        return mapping(called[-1]) if isinstance(called, list) and called else {}

    @property
    def optimizer(self) -> Facts:
        compiled = mapping(self.fit.get("compile")) or mapping(self.facts.get("compile"))
        if optimizer := mapping(compiled.get("optimizer")):
            return optimizer
        stepped = self.facts.get("optimizers_called")
        return mapping(stepped[-1]) if isinstance(stepped, list) and stepped else {}

    @property
    def trained(self) -> Facts:
        """What became of the weights: moved, still, finite, frozen, finished."""
        return mapping(self.facts.get("train"))

    @property
    def regularisers(self) -> tuple[str, ...]:
        """Everything found that works against learning the training images by heart, in words."""
        found = [layer.kind for layer in self.layers if layer.kind in (*NOISES, *NORMALISATIONS)]
        found += [layer.kind for layer in self.layers if layer.kind.startswith("Random")]
        for layer in self.layers:
            if any(isinstance(layer.told(name), Mapping) for name in ("kernel_regularizer", "activity_regularizer")):
                found.append("weight penalty")
        if number(mapping(self.optimizer.get("settings")).get("weight_decay")) > 0:
            found.append("weight decay")
        if number(self.loss.get("label_smoothing")) > 0:
            found.append("label smoothing")
        found += [name for name in self.callbacks if name == "EarlyStopping"]
        if number(self.data.get("changed")) > 0.5 and number(self.data.get("from_validation")) < 0.5:
            found.append("augmented images")
        return tuple(dict.fromkeys(found))


def _bends(layer: Layer) -> bool:
    if layer.kind in ACTIVATION_LAYERS and layer.kind != "Activation":
        return layer.kind != "Softmax"
    if layer.activation not in LINEAR | {"softmax"}:
        return True
    module = str(layer.facts.get("module"))
    return module.startswith("keras.src.ops.nn") and layer.kind not in ("Softmax", "LogSoftmax")
