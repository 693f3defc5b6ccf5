"""Q2: what three convolutional layers weigh, and what their feature maps take.

Every number is computed from the stack. "Own" values are the student's: whoever goes on rightly from a wrong
number is charged for it once, where it arose.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from gradetape import Exercise, cnn
from gradetape.question import Trace

Numbers = Mapping[str, float]
Parts = tuple[str, ...]
BITS = 8
SUBSTANTIAL = 1.1
OTHER_KERNELS = (2, 3, 4, 5, 7)


@dataclass(frozen=True)
class Case:
    """One variant: the stack, the batch, how map sizes are rounded, and what the student holds instead of the truth."""

    stack: cnn.Stack
    batch: int
    rounding: Callable[[float], float] = math.ceil
    strided: bool = True
    own: Numbers = field(default_factory=dict)

    def believing(self, own: Numbers) -> Case:
        """The same case seen with the student's own numbers."""
        return replace(self, own=dict(own))

    def _own(self, name: str, value: float) -> float:
        return self.own.get(name, value)

    @property
    def depths(self) -> tuple[int, ...]:
        """Input channels of each layer."""
        return (self.stack.input_shape[-1], *self.maps[:-1])

    @property
    def maps(self) -> tuple[int, ...]:
        return tuple(shape[-1] for shape in self.stack.shapes)

    @property
    def kernel(self) -> int:
        side = self.stack.layers[0].kernel
        return side if isinstance(side, int) else side[0]

    @property
    def stride(self) -> int:
        step = self.stack.layers[0].stride
        return step if isinstance(step, int) else step[0]

    @property
    def layers(self) -> range:
        return range(1, len(self.maps) + 1)

    @property
    def parameters(self) -> float:
        return self._own("parameters", self.stack.parameters)

    @property
    def parameter_bytes(self) -> float:
        return self._own("parameter bytes", self.parameters * cnn.FLOAT32_BYTES)

    @property
    def input_bytes(self) -> float:
        return self._own("input bytes", self.stack.input_floats * cnn.FLOAT32_BYTES)

    @property
    def positions(self) -> tuple[float, ...]:
        """Height times width of each layer's maps."""
        if self.rounding is math.ceil and self.strided:
            return tuple(height * width for height, width, _ in self.stack.shapes)
        return tuple(math.prod(sides) for sides in self.sides)

    @property
    def sides(self) -> tuple[tuple[float, float], ...]:
        height, width = (float(side) for side in self.stack.input_shape[:2])
        found = []
        for _ in self.layers:
            if self.strided:
                height, width = self.rounding(height / self.stride), self.rounding(width / self.stride)
            found.append((height, width))
        return tuple(found)

    @property
    def floats(self) -> tuple[float, ...]:
        pairs = zip(self.layers, self.positions, self.maps, strict=True)
        return tuple(self._own(f"layer {layer} floats", places * maps) for layer, places, maps in pairs)

    @property
    def bytes(self) -> tuple[float, ...]:
        pairs = zip(self.layers, self.floats, strict=True)
        return tuple(self._own(f"layer {layer} bytes", floats * cnn.FLOAT32_BYTES) for layer, floats in pairs)

    @property
    def alive(self) -> tuple[int, int]:
        """The two consecutive layers whose maps together are largest."""
        pairs = [
            (one + other, place)
            for place, (one, other) in enumerate(zip(self.bytes[:-1], self.bytes[1:], strict=True), 1)
        ]
        place = max(pairs)[1]
        return place, place + 1

    @property
    def two_layers(self) -> float:
        one, other = self.alive
        return self._own("two layers bytes", self.bytes[one - 1] + self.bytes[other - 1])

    @property
    def all_maps(self) -> float:
        return self._own("all maps bytes", sum(self.bytes))

    @property
    def streamed(self) -> tuple[float, ...]:
        """For each layer: its own parameters, its input and its output, in bytes."""
        inputs = (self.input_bytes, *self.bytes)
        parts = zip(self.layers, self.stack.layer_parameters, inputs[:-1], self.bytes, strict=True)
        return tuple(
            self._own(f"streamed layer {layer} bytes", weights * cnn.FLOAT32_BYTES + before + after)
            for layer, weights, before, after in parts
        )

    @property
    def one_prediction(self) -> float:
        return self._own("one prediction", self.two_layers + self.parameter_bytes)

    @property
    def batch_maps(self) -> float:
        return self._own("batch maps bytes", self.all_maps * self.batch)

    @property
    def batch_inputs(self) -> float:
        return self._own("batch input bytes", self.input_bytes * self.batch)

    @property
    def training(self) -> float:
        return self.batch_maps + self.batch_inputs + self.parameter_bytes


def stack_of_variant(variant: Mapping[str, int]) -> Case:
    """The stack of a variant's sizes, maps, kernel, stride and batch."""
    layers = [
        cnn.Conv(variant[f"maps{layer}"], kernel=variant["kernel"], stride=variant["stride"], padding="same")
        for layer in (1, 2, 3)
    ]
    return Case(cnn.Stack((variant["height"], variant["width"], 3), layers), variant["batch"])


memory = Exercise("q02_parameters_and_memory", subject=stack_of_variant)

# --- q2a: how many parameters -----------------------------------------------------------------------------------

q2a = memory.computes("q2a", unit="parameters")


def weights(case: Case, depth: float, maps: float, kernel: int = 0) -> float:
    return (kernel or case.kernel) ** 2 * depth * maps


def given_numbers(case: Case) -> list[float]:
    """What stands in the question."""
    height, width, channels = case.stack.input_shape
    return [height, width, channels, case.kernel, case.stride, case.batch, *case.maps, 32, cnn.FLOAT32_BYTES, BITS]


@q2a.answer
def parameters(case: Case) -> float:
    """Every filter reads all the maps before it and owns one bias."""
    return sum(layer_parameters(case).values())


@q2a.value
def layer_parameters(case: Case) -> Numbers:
    own = zip(case.layers, case.stack.layer_parameters, strict=True)
    return {f"layer {layer} parameters": case.own.get(f"layer {layer} parameters", right) for layer, right in own}


@q2a.value
def layer_weights(case: Case) -> Numbers:
    return {f"layer {layer} weights": count for layer, count in zip(case.layers, case.stack.layer_weights, strict=True)}


q2a.given(given_numbers)


@q2a.decoy
def image(case: Case) -> list[float]:
    """The image's sides and channels, whose product may happen to be a layer's number of weights."""
    return list(case.stack.input_shape)


@q2a.step(
    0.40,
    missing="A filter has kernel height × kernel width × input maps weights, and one bias. Multiply that by the number of filters, for each layer.",
    words=(("kernel", "filter"), ("channel", "depth", "input feature maps", "input maps"), ("bias", "+ 1", "+1")),
)
def formula(case: Case) -> list[Trace]:
    """Each layer's parameters are (kernel² · input maps + 1) · filters."""
    seen = []
    for layer, maps in zip(case.layers, case.maps, strict=True):
        part = (f"layer {layer}",)
        seen += [Trace(weights(case, depth, maps) + maps, part) for depth in {*case.depths}]
        seen.append(Trace(weights(case, case.depths[layer - 1], maps), part, worth=0.5))
        seen += _with_other_kernels(case, layer, part)
        seen.append(Trace(case.kernel**2 * case.depths[layer - 1] + 1, part))
        seen.append(Trace(layer_parameters(case)[f"layer {layer} parameters"], part))
    return [*seen, *_whole(case.stack.weights, ("layer 1", "layer 2", "layer 3"))]


def _with_other_kernels(case: Case, layer: int, part: Parts) -> list[Trace]:
    """A kernel of another size put in by mistake still shows how a layer is counted, and what it reads."""
    depth, maps = case.depths[layer - 1], case.maps[layer - 1]
    others = [side for side in OTHER_KERNELS if side != case.kernel]
    return [Trace(weights(case, depth, maps, side) + maps, part) for side in others]


@q2a.step(
    0.30,
    missing="A layer reads every map of the layer before it: its filters are as deep as that layer has maps.",
)
def chain_of_depths(case: Case) -> list[Trace]:
    """The filters of a layer are as deep as the layer before it has maps."""
    seen = []
    for layer, depth, maps in list(zip(case.layers, case.depths, case.maps, strict=True))[1:]:
        part = (f"layer {layer}",)
        seen += _with_other_kernels(case, layer, part)
        seen += [Trace(weights(case, depth, maps) + maps, part), Trace(weights(case, depth, maps), part)]
        seen.append(Trace(case.kernel**2 * depth + 1, part))
        seen.append(Trace(layer_parameters(case)[f"layer {layer} parameters"], part))
    return [*seen, *_whole(case.stack.weights, ("layer 2", "layer 3"))]


@q2a.step(
    0.10, missing="Each filter adds one bias of its own.", words=(("bias",), ("each", "per", "every", "number of"))
)
def biases(case: Case) -> list[Trace]:
    """Every filter owns one bias."""
    seen = []
    for maps in case.maps:
        seen += [Trace(weights(case, depth, maps) + maps) for depth in {1, *case.depths}]
    for layer in case.layers:
        seen += _with_other_kernels(case, layer, ("",))
    seen += [Trace(case.kernel**2 * depth + 1) for depth in {1, *case.depths}]
    return seen


@q2a.step(0.20, missing="Add the layers up once more.", final=True)
def total(case: Case) -> list[Trace]:
    """The layers add up to the network's parameters."""
    return [Trace(parameters(case))]


def _whole(value: float, parts: Parts) -> list[Trace]:
    return [Trace(value, parts)]


@q2a.slip("Those are all the weights. What else does each filter own?", share=0.70)
def forgets_biases(case: Case) -> float:
    return case.stack.weights


@q2a.slip("The first layer reads a colour image. How many channels does that have?", share=0.75)
def grey_input(case: Case) -> tuple[float, ...]:
    first = weights(case, 1, case.maps[0]) + case.maps[0]
    return case.stack.parameters - case.stack.layer_parameters[0] + first, first


@q2a.slip("You gave every map one flat kernel. A filter reaches through all the maps below it.", share=0.10)
def depth_ignored(case: Case) -> tuple[float, ...]:
    flat = [weights(case, 1, maps) + maps for maps in case.maps]
    return sum(flat), *flat[1:]


@q2a.slip("Only the first layer sees the image. What do the second and the third one read?", share=0.50)
def depth_stays_at_input(case: Case) -> tuple[float, ...]:
    each = [weights(case, case.depths[0], maps) + maps for maps in case.maps]
    return sum(each), *each[1:]


@q2a.slip("Only the first layer sees the image; and each filter owns a bias.", share=0.40)
def depth_stays_at_input_without_biases(case: Case) -> tuple[float, ...]:
    each = [weights(case, case.depths[0], maps) for maps in case.maps]
    return sum(each), *each[1:]


@q2a.slip("You gave every map one flat kernel and no bias. How deep is a filter, and what does it add at the end?")
def nine_weights_a_map(case: Case) -> tuple[float, ...]:
    return sum(weights(case, 1, maps) for maps in case.maps), weights(case, 1, case.maps[-1])


@q2a.slip("That is how many feature maps there are. Each of them has a filter with many weights.")
def counts_feature_maps(case: Case) -> float:
    return sum(case.maps)


@q2a.slip(
    "The thousands commas have moved: write each layer with three digits behind every comma, then add again.",
    share=0.80,
    within=0.0004,
)
def misplaced_commas(case: Case) -> float:
    """The layers below a thousand thousands read with one zero too many, as "1,802,00" invites."""
    first, *others = case.stack.layer_parameters
    return first + 10 * sum(others)


@q2a.slip(
    "The biases belong to the filters: one for each map that comes out, not one for each map that goes in.", share=0.70
)
def bias_for_each_input_map(case: Case) -> float:
    return case.stack.weights + sum(case.depths)


@q2a.slip("You multiplied by the positions of the map. A filter is the same wherever it stands.", share=0.30)
def weights_at_every_position(case: Case) -> float:
    return sum(count * places for count, places in zip(case.stack.layer_parameters, case.positions, strict=True))


# --- what q2b and q2c share -------------------------------------------------------------------------------------

q2b = memory.computes("q2b", unit="bytes")
q2c = memory.computes("q2c", unit="bytes")
for question in (q2b, q2c):
    question.given(given_numbers)
    question.carry("parameters", "q2a")


def floats_of_layers(case: Case) -> Numbers:
    return {f"layer {layer} floats": floats for layer, floats in zip(case.layers, case.floats, strict=True)}


def positions_of_layers(case: Case) -> Numbers:
    return {f"layer {layer} positions": places for layer, places in zip(case.layers, case.positions, strict=True)}


def counts(case: Case) -> Numbers:
    both = case.alive
    return {
        "parameters": case.parameters,
        "input floats": case.stack.input_floats,
        "input positions": math.prod(case.stack.input_shape[:2]),
        "two layers floats": sum(case.floats[layer - 1] for layer in both),
        "all maps floats": sum(case.floats),
    }


def bytes_of_one_image(case: Case) -> Numbers:
    return {
        **{f"layer {layer} bytes": held for layer, held in zip(case.layers, case.bytes, strict=True)},
        **{f"streamed layer {layer} bytes": held for layer, held in zip(case.layers, case.streamed, strict=True)},
        "parameter bytes": case.parameter_bytes,
        "input bytes": case.input_bytes,
        "two layers bytes": case.two_layers,
        "all maps bytes": case.all_maps,
    }


def floats_of_streamed_layers(case: Case) -> Numbers:
    return {
        f"streamed layer {layer} floats": held / cnn.FLOAT32_BYTES
        for layer, held in zip(case.layers, case.streamed, strict=True)
    }


for question in (q2b, q2c):
    for counted in (floats_of_layers, positions_of_layers, counts, floats_of_streamed_layers):
        question.value(counted, unit="floats")
    question.value(bytes_of_one_image)


for question, step in ((q2b, "sizes"), (q2c, "all-maps-of-the-batch")):

    @question.misreading(
        "With `same` padding a size that does not divide evenly is rounded up: half a window still gives an output.",
        costs=step,
    )
    def floor_instead_of_ceil(case: Case) -> Case:
        return replace(case, rounding=math.floor)

    @question.misreading("Maps have whole rows and columns: with `same` padding, round up at each layer.", costs=step)
    def half_pixels(case: Case) -> Case:
        return replace(case, rounding=float)

    @question.misreading("A stride shrinks the maps: divide height and width by it at each layer.", costs=step)
    def stride_ignored(case: Case) -> Case:
        return replace(case, strided=False)


# --- q2b: one prediction ----------------------------------------------------------------------------------------


@q2b.answer(below=0.013, above=0.007)
def two_layers_alive(case: Case) -> float:
    """All parameters stay in memory, and the maps of two consecutive layers are alive at a time."""
    return case.one_prediction


@q2b.answer(below=0.002, above=0.002)
def two_layers_alive_and_the_image(case: Case) -> float:
    """All parameters and the input image stay in memory, and the maps of two consecutive layers are alive at a time."""
    return case.one_prediction + case.input_bytes


@q2b.answer(below=0.0035, above=0.0025)
def parameters_streamed(case: Case) -> float:
    """Parameters are loaded layer by layer: the layer that needs most decides."""
    return max(case.streamed)


def _alive_parts(case: Case) -> Parts:
    return tuple(f"layer {layer}" for layer in case.alive)


def _every_layer(case: Case) -> Parts:
    return tuple(f"layer {layer}" for layer in case.layers)


def _rights_of_q2b(case: Case) -> list[float]:
    return [
        case.one_prediction,
        case.one_prediction + case.input_bytes,
        *sorted(case.streamed)[-1:],
    ]


def _numbers_of_q2b(case: Case) -> list[float]:
    """The right sums, of numbers and not yet of their bytes."""
    return [value / cnn.FLOAT32_BYTES for value in _rights_of_q2b(case)]


@q2b.step(
    0.20,
    missing="Work out each layer's output first: divide height and width by the stride, round up, and count the maps.",
)
def sizes(case: Case) -> list[Trace]:
    """Height and width are divided by the stride at each layer, rounded up."""
    seen = []
    for layer, places, floats, held in zip(case.layers, case.positions, case.floats, case.bytes, strict=True):
        part = (f"layer {layer}",)
        seen += [Trace(places, part, unit="floats", plain=True), Trace(floats, part, unit="floats", plain=True)]
        seen.append(Trace(held, part, plain=True))
    whole = [
        Trace(counts(case)["all maps floats"], _every_layer(case), unit="floats"),
        Trace(case.all_maps, _every_layer(case)),
    ]
    whole += [Trace(value, _every_layer(case)) for value in _rights_of_q2b(case)]
    return seen + whole + [Trace(value, _every_layer(case), unit="floats") for value in _numbers_of_q2b(case)]


@q2b.step(0.20, missing="Each number of a feature map takes 32 bits: four bytes.")
def bytes_of_maps(case: Case) -> list[Trace]:
    """Every number of a map takes four bytes."""
    both = _alive_parts(case)
    seen = [Trace(case.bytes[layer - 1], (part,)) for layer, part in zip(case.alive, both, strict=True)]
    wholes = [case.two_layers, case.all_maps, *case.streamed, *_rights_of_q2b(case)]
    return seen + [Trace(value, both) for value in wholes]


@q2b.step(
    0.30,
    missing="Once a layer is computed, the memory of the one before the previous can be released. Which two neighbours need most together?",
    words=(
        (
            "release",
            "free",
            "unload",
            "discard",
            "delete",
            "reuse",
            "two consecutive",
            "consecutive layers",
            "no longer need",
            "at a time",
            "drop",
        ),
        ("layer", "memory", "ram", "feature map", "activation"),
    ),
)
def layers_alive(case: Case) -> list[Trace]:
    """Only two neighbouring layers need to be in memory at a time."""
    values = [case.two_layers, *_rights_of_q2b(case)]
    others = [layer for layer in case.layers if layer not in case.alive]
    more = tuple(size for layer in others for size in (case.bytes[layer - 1], case.floats[layer - 1]))
    seen = [Trace(value, apart_from=more) for value in values]
    floats = [counts(case)["two layers floats"], max(case.streamed) / cnn.FLOAT32_BYTES]
    return [*seen, *(Trace(value, unit="floats", apart_from=more) for value in floats)]


@q2b.step(0.20, missing="The network's parameters are in memory too, four bytes each.")
def parameters_in_memory(case: Case) -> list[Trace]:
    """The parameters need memory too."""
    wholes = [case.parameter_bytes, *case.streamed, *_rights_of_q2b(case), case.all_maps + case.parameter_bytes]
    seen = [Trace(value) for value in wholes]
    numbers = [*(value / cnn.FLOAT32_BYTES for value in case.streamed), *_numbers_of_q2b(case)]
    return [*seen, *(Trace(value, unit="floats") for value in numbers)]


@q2b.step(0.10, missing="Add the parts up, and name the sum as your answer.", final=True)
def ram_of_a_prediction(case: Case) -> list[Trace]:
    """What is alive at once, added up."""
    return [Trace(value) for value in _rights_of_q2b(case)]


@q2b.slip("Those are the parameters alone. Where do the feature maps live meanwhile?", share=0.20)
def parameters_only(case: Case) -> float:
    return case.parameter_bytes


@q2b.slip(
    "You keep the maps of every layer. For a prediction, a layer's maps can be released when the next one has read them; and the parameters need memory too.",
    share=0.40,
)
def keeps_all_maps_without_parameters(case: Case) -> tuple[float, ...]:
    return case.all_maps, case.all_maps + case.input_bytes


@q2b.slip(
    "You keep the maps of every layer. For a prediction, a layer's maps can be released when the next one has read them.",
    share=0.60,
)
def keeps_all_maps(case: Case) -> float:
    return case.all_maps + case.parameter_bytes


@q2b.slip(
    "You keep the image and the maps of every layer. For a prediction, what has been read can be released.", share=0.60
)
def keeps_all_maps_and_the_image(case: Case) -> float:
    return case.all_maps + case.parameter_bytes + case.input_bytes


@q2b.slip("Two layers alive is right. The parameters need memory too.", share=0.70)
def leaves_out_parameters(case: Case) -> float:
    return case.two_layers


@q2b.slip("Those are numbers, or a quarter of their bytes: a 32-bit float takes four bytes.", share=0.50)
def counts_numbers_not_bytes(case: Case) -> float:
    return case.one_prediction / cnn.FLOAT32_BYTES


@q2b.slip("That is the number of bits. Eight bits make a byte.", share=0.70)
def bits_for_bytes(case: Case) -> float:
    return case.one_prediction * BITS


@q2b.slip("A stride of more than one shrinks the maps at each layer. Your maps are as large as the image.", share=0.30)
def maps_as_large_as_the_image(case: Case) -> tuple[float, ...]:
    wide = replace(case, strided=False, own={})
    return wide.two_layers, wide.two_layers + wide.parameter_bytes, wide.all_maps, wide.all_maps + wide.parameter_bytes


@q2b.slip("That is the image and one layer's output. When the second layer is computed, more is in memory.", share=0.30)
def image_and_first_layer(case: Case) -> tuple[float, ...]:
    return case.input_bytes + case.bytes[0], case.stack.input_floats + case.bytes[0], case.input_bytes + case.bytes[-1]


@q2b.slip(
    "You added one layer's maps twice. Two neighbouring layers are alive at a time, each of them once.", share=0.60
)
def counts_a_layer_twice(case: Case) -> float:
    """A published solution once printed 15 MB where 6 MB and 3 MB make 9 MB."""
    return case.bytes[case.alive[0] - 1] + case.two_layers + case.parameter_bytes


# --- q2c: training on a batch -----------------------------------------------------------------------------------

q2c.carry("one prediction", "q2b")


@q2c.listed
def sums_of_layers(case: Case) -> list[str]:
    """What each layer by itself takes, as the streamed reading of q2b has it."""
    return [f"streamed layer {layer} bytes" for layer in case.layers]


@q2c.value
def bytes_of_the_batch(case: Case) -> Numbers:
    layers = {
        f"batch layer {layer} bytes": held * case.batch for layer, held in zip(case.layers, case.bytes, strict=True)
    }
    return {**layers, "batch maps bytes": case.batch_maps, "batch input bytes": case.batch_inputs}


@q2c.answer(below=0.003, above=0.003, shown=0.0085)
def training_step(case: Case) -> float:
    """All maps of all images of the batch, the images, and the parameters once."""
    return case.training


@q2c.answer(below=0.001, above=0.001)
def training_step_with_gradients(case: Case) -> float:
    """All maps of all images of the batch, the images, the parameters and a gradient for each of them."""
    return case.training + case.parameter_bytes


def _rights_of_q2c(case: Case) -> list[float]:
    return [case.training, case.training + case.parameter_bytes]


@q2c.step(
    0.40,
    missing="Backpropagation needs every map of every layer again: keep all of them, for every image of the batch.",
    words=(
        ("all", "every", "each", "whole", "total", "ram", "memory"),
        ("layer", "activation", "feature map", "intermediate", "single instance", "single image", "one image"),
        ("keep", "kept", "stor", "backprop", "reverse pass", "backward", "times the", "times what", "times as much"),
    ),
)
def all_maps_of_the_batch(case: Case) -> list[Trace]:
    """For the way back, all maps of all images are kept."""
    every = _every_layer(case)
    seen = [Trace(held * case.batch, (part,)) for held, part in zip(case.bytes, every, strict=True)]
    maps, inputs = case.batch_maps, case.batch_inputs
    wholes = [maps, maps + inputs, maps + case.parameter_bytes, *_rights_of_q2c(case)]
    seen += [Trace(value, every) for value in wholes]
    seen += [
        Trace((case.all_maps + case.parameter_bytes) * case.batch, every),
        Trace((case.all_maps + case.parameter_bytes + case.input_bytes) * case.batch, every),
        Trace(sum(case.streamed) * case.batch, every, worth=0.5),
        Trace(case.two_layers * case.batch, every, worth=0.5),
        Trace(case.all_maps, every, worth=0.25),
        Trace(sum(case.floats) * case.batch, every, unit="floats"),
    ]
    if case.one_prediction > SUBSTANTIAL * case.parameter_bytes:  # else the prediction was made of parameters alone
        seen.append(Trace(case.one_prediction * case.batch, every, worth=0.5))
    return seen


@q2c.step(
    0.20,
    missing="The images of the batch are in memory too: four bytes for each of their numbers.",
    words=(("input", "image"), ("bytes", "float"), ("batch",)),
)
def images_of_the_batch(case: Case) -> list[Trace]:
    """The images of the batch are in memory too."""
    seen = [case.batch_inputs, case.batch_maps + case.batch_inputs, *_rights_of_q2c(case)]
    both = (case.all_maps + case.parameter_bytes + case.input_bytes) * case.batch
    return [*(Trace(value) for value in seen), Trace(both), Trace(case.input_bytes, worth=0.5)]


@q2c.step(0.20, missing="The parameters are there once, however many images the batch has: four bytes each.")
def parameters_once(case: Case) -> list[Trace]:
    """The parameters are shared by all images of the batch."""
    wholes = [case.batch_maps + case.parameter_bytes, *_rights_of_q2c(case)]
    return [
        Trace(case.parameter_bytes, alone=True),
        Trace(2 * case.parameter_bytes, alone=True),
        *(Trace(value) for value in wholes),
    ]


@q2c.step(0.20, missing="Add the parts up, and name the sum as your answer.", final=True)
def ram_of_training(case: Case) -> list[Trace]:
    """Maps, images and parameters, added up."""
    return [Trace(value) for value in _rights_of_q2c(case)]


@q2c.slip(
    "That is the parameters times the batch. They are shared by all images; what grows with the batch is the maps."
)
def parameters_times_batch(case: Case) -> float:
    return case.parameter_bytes * case.batch


@q2c.slip(
    "That is the memory of the parameters alone. What does backpropagation have to remember of each image?", share=0.20
)
def nothing_but_parameters(case: Case) -> float:
    return case.parameter_bytes


@q2c.slip("Those are the feature maps. The images themselves and the parameters need memory too.", share=0.40)
def feature_maps_only(case: Case) -> tuple[float, ...]:
    floored = replace(case, rounding=math.floor, own={})
    return case.batch_maps, floored.batch_maps


@q2c.slip("Maps and parameters are there. The images of the batch need memory too.", share=0.60)
def leaves_out_images(case: Case) -> float:
    return case.batch_maps + case.parameter_bytes


@q2c.slip("Maps and images are right. The parameters need memory too, once.", share=0.80)
def leaves_out_parameters_in_training(case: Case) -> float:
    return case.batch_maps + case.batch_inputs


@q2c.slip(
    "You multiplied the memory of a prediction by the batch. A prediction releases maps that training needs; and the parameters are there only once.",
    share=0.25,
)
def prediction_times_batch(case: Case) -> tuple[float, ...]:
    return case.one_prediction * case.batch, max(case.streamed) * case.batch, case.two_layers * case.batch


@q2c.slip("You multiplied everything by the batch, the parameters too. They are shared by all images.", share=0.55)
def everything_times_batch(case: Case) -> tuple[float, ...]:
    whole = case.all_maps + case.parameter_bytes
    return whole * case.batch, (whole + case.input_bytes) * case.batch


@q2c.slip(
    "Each layer's output is the next one's input: you counted most maps twice, and the parameters once for each image.",
    share=0.25,
)
def counts_maps_twice(case: Case) -> float:
    return sum(case.streamed) * case.batch


@q2c.slip("That is one image. The maps of every image of the batch are kept until the way back.", share=0.40)
def forgets_the_batch(case: Case) -> tuple[float, ...]:
    whole = case.all_maps + case.parameter_bytes
    return whole + case.input_bytes, whole


@q2c.slip("That is the number of bits. Eight bits make a byte.", share=0.80)
def bits_for_bytes_in_training(case: Case) -> float:
    return case.training * BITS


@q2c.slip("Those are numbers: a 32-bit float takes four bytes.", share=0.70)
def counts_numbers_not_bytes_in_training(case: Case) -> float:
    return case.training / cnn.FLOAT32_BYTES
