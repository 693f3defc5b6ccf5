"""Q9: a convolutional network that reads handwritten digits."""

from __future__ import annotations

from gradetape.domain import Finding
from gradetape.evidence import Classifier, Training
from gradetape.evidence.classifier import CONVOLUTIONS, POOLINGS
from gradetape.evidence.program import describe
from gradetape.exercise import Exercise, TrainingPlan
from gradetape.expect import cannot_tell, expect, met, missed, partly, show
from gradetape.thresholds import thresholds

MOST_PARAMETERS = 5_000_000
MOST_TRAINED = 20_000_000  # a model above the budget loses that point, not those for learning as well
THRESHOLDS = thresholds("q09_mnist_cnn", beside=__file__)
INSIDE = "Build it for single grey images: `keras.Input((28, 28, 1))`. Do padding or resizing inside the model."
OLD_TENSORFLOW = ("module 'tensorflow' has no attribute", "tensorflow.contrib", "tensorflow.examples")
HALF = 0.5  # of the images looked at; shifted or rotated ones are not always recognised, strangers hardly ever
CROSSENTROPIES = ("SparseCategoricalCrossentropy", "CategoricalCrossentropy", "CategoricalFocalCrossentropy")

mnist = Exercise(
    "q09_mnist_cnn",
    item="q9",
    probe="keras_classifier",
    defines=["build_model", "train"],
    training=TrainingPlan(data="digits", thresholds=THRESHOLDS, most_parameters=MOST_TRAINED),
)


@mnist.check(points=1)
def runs_and_defines_its_functions(program: Classifier) -> Finding:
    """The program runs and defines `build_model()` and `train(...)`."""
    error = program.error("syntax", "import")
    if error and program.missing:
        old = any(words in str(error.get("message")) for words in OLD_TENSORFLOW)
        return missed(
            describe("Running the cells from top to bottom failed", error),
            "This was written for TensorFlow 1, which is long gone: build the model of Keras layers." if old else "",
        )
    if missing := program.missing:
        return missed(f"Not defined: {_listed(missing)}.", "Keep the names and parameters that the starter gives.")
    if unfinished := program.unfinished:
        return missed(f"Still to be written: {_listed(unfinished)}.")
    if error:  # the functions are there; what a cell below them wanted, such as a download, is not what is graded
        return met(describe("Both functions are defined. A cell below them failed, which costs nothing", error))
    if program.stopped and not program.returned:
        return missed(f"The program was stopped ({program.stopped}) before it had built a model.")
    return met("The program runs and defines both functions.")


@mnist.check(points=1, needs=[runs_and_defines_its_functions])
def tells_ten_digits_apart(program: Classifier) -> Finding:
    """`build_model()` returns a model that takes 28×28 grey images and gives ten numbers for each."""
    if error := program.error("build_model"):
        return missed(describe("`build_model()` failed", error))
    if program.returned.get("is_model") is False:
        return missed(
            f"`build_model()` returned {_article(program.returned.get('class'))}, not a Keras model.",
            "End the function with `return model`.",
        )
    asked = program.facts.get("asked_shape")
    if isinstance(asked, list) and asked and asked[0] != [None, 28, 28, 1]:
        return missed(f"The model takes {show(asked[0])}, but the images are (any, 28, 28, 1).", INSIDE)
    if error := program.error("calling the model"):
        return missed(
            describe("The model could not take a batch of shape (n, 28, 28, 1)", error),
            INSIDE,
        )
    if not program.model:
        return missed(f"`build_model()` was stopped ({program.stopped or 'no reason given'}) before it returned.")
    return expect("Output shape", program.output_shape).equals(
        (None, 10), hint="One unit for each digit, and nothing but the batch in front of it: flatten or pool first."
    )


@mnist.check(points=2, needs=[tells_ten_digits_apart])
def learns_features_by_convolution(model: Classifier) -> Finding:
    """At least two convolutional layers, which are free to learn, stand between the pixels and the classes."""
    layers = model.of_kind(CONVOLUTIONS)
    if frozen := [layer.name for layer in layers if not layer.learns]:
        return missed(
            f"Frozen, and therefore random for ever: {_listed(frozen)}.",
            "Freezing is for layers that were trained before. Leave `trainable` as it is.",
        )
    seen = len(layers) + (0 if model.connected else _hidden_convolutions(model))
    return expect("Convolutional layers", seen).at_least(
        2, hint="One layer finds strokes; the next finds shapes made of strokes."
    )


@mnist.check(points=1, needs=[tells_ten_digits_apart])
def shrinks_the_maps_on_the_way(model: Classifier) -> Finding:
    """Pooling or strides make the feature maps smaller before the classes are decided."""
    if not model.of_kind(CONVOLUTIONS) and not model.operations:
        return missed("There are no feature maps that could be made smaller.")
    if any(layer.kind in POOLINGS for layer in model.layers):
        return met(f"Pooling layers: {model.count(*POOLINGS)}.")
    if any(_strides(layer.told("strides")) > 1 for layer in model.of_kind(CONVOLUTIONS)):
        return met("Convolutions with strides make the maps smaller.")
    sides = [side for layer in model.layers if (side := layer.side) is not None]
    if sides and min(sides) <= 14:
        return met(f"The maps shrink from 28 to {min(sides)} pixels.")
    if {"MaxPool", "AvgPool", "Mean", "Max"} & set(model.operations):
        return met("The model pools its maps by operations of its own.")
    return missed(
        f"The smallest map is still {min(sides, default=28)} pixels high.",
        "Put a `MaxPooling2D` after the first convolutions: later ones then see further, and cost a quarter.",
    )


@mnist.check(points=2, needs=[tells_ten_digits_apart])
def bends_between_layers(model: Classifier) -> Finding:
    """Every hidden layer passes through a non-linear activation, without which a stack is no more than one layer."""
    straight = model.straight_hidden
    if not straight and model.bends:
        return met("Non-linear activations stand between the layers.")
    if not straight and not model.connected and not model.operations:
        return cannot_tell("The activations are inside the model's own code, where they could not be seen.")
    if not straight:
        return missed("There is no non-linear activation between the layers.", 'Try `activation="relu"`.')
    names = _listed([layer.name for layer in straight])
    hint = 'Two linear layers in a row can be multiplied into one. Give each `activation="relu"`.'
    if model.bends:
        return partly(0.5, f"No activation after {names}; other layers have one.", hint)
    return missed(f"No activation after {names}, nor anywhere else.", hint)


@mnist.check(points=1, needs=[tells_ten_digits_apart])
def stays_within_five_million_parameters(model: Classifier) -> Finding:
    """The model has at most five million parameters, enough for digits many times over."""
    return expect("Parameters", model.parameters).at_most(
        MOST_PARAMETERS,
        hint="Most sit where the last maps meet the first dense layer: pool once more before flattening.",
    )


@mnist.check(points=1, needs=[tells_ten_digits_apart])
def trains_without_an_error(program: Classifier) -> Finding:
    """`train(...)` runs on the images and labels it is given."""
    if program.ending is not program.ending.FINISHED and program.stopped and not program.trained:
        return missed(f"`train` was stopped ({program.stopped}) during its first steps.")
    if error := program.error("train"):
        return missed(describe("`train` failed", error), _label_mismatch(program))
    return met("`train` took its first steps.")


@mnist.check(points=2, needs=[trains_without_an_error])
def matches_loss_with_output_and_labels(program: Classifier) -> Finding:
    """The last activation, the loss and the way the labels are written fit each other."""
    loss = str(program.loss.get("class") or "")
    if not loss:
        return cannot_tell("The loss is computed by the program's own code, where it could not be seen.")
    if program.loss.get("own") is True:
        return cannot_tell(f"The loss `{loss[:60]}` is the program's own.")
    if mismatch := _label_mismatch(program):
        return missed(mismatch)
    output, logits = program.output_activation, program.loss.get("from_logits") is True
    if loss in CROSSENTROPIES:
        return _judged_crossentropy(loss, output, logits)
    if loss == "BinaryCrossentropy" and (output in ("softmax", "sigmoid")) == logits:
        return missed(
            f"The model ends in `{output}`, but `{loss}` takes it for {'raw scores' if logits else 'probabilities'}.",
            'Use `activation="softmax"` and the sparse categorical cross-entropy.',
        )
    return met(f"`{output}` and `{loss[:60]}` fit each other.")


@mnist.check(points=1, needs=[matches_loss_with_output_and_labels])
def measures_classes_by_its_loss(program: Classifier) -> Finding:
    """The loss is one for classes of which exactly one is right, such as the categorical cross-entropy."""
    loss = str(program.loss.get("class") or "")
    hint = "Use softmax with the categorical cross-entropy, sparse for labels 0 to 9."
    if loss in CROSSENTROPIES or loss in ("KLDivergence", "CategoricalHinge"):
        return met(f"`{loss}` is a loss for classes.")
    if loss == "BinaryCrossentropy":
        return missed(f"`{loss}` asks ten separate yes-or-no questions; a digit is exactly one of ten.", hint)
    return missed(
        f"`{loss[:60]}` measures distances between numbers, but digits are classes: 8 is no nearer to 9 than to 1.",
        hint,
    )


@mnist.check(points=1, needs=[trains_without_an_error])
def guards_against_overfitting(program: Classifier) -> Finding:
    """Something works against learning the training images by heart: dropout, normalisation, weight decay, augmentation or early stopping."""
    if found := program.regularisers:
        return met(f"Found: {', '.join(found)}.")
    return missed(
        "Nothing was found that would keep the model from learning the training images by heart.",
        "Dropout between the dense layers or an `EarlyStopping` callback are the least trouble.",
    )


@mnist.check(points=1, needs=[trains_without_an_error])
def watches_validation_images(program: Classifier) -> Finding:
    """While training, the model is watched on validation images that it does not learn from."""
    if not program.fits:
        return met("The training loop is the program's own; it was given the validation images.")
    seen = program.validation
    if seen.get("kind") == "split":
        return met(f"A share of {seen.get('share')} of the training images is kept for validation.")
    if seen.get("kind") == "none":
        return missed("`fit` watches no validation images.", "Pass `validation_data=(x_valid, y_valid)` to `fit`.")
    share = seen.get("from_validation")
    if isinstance(share, (int, float)) and share < 0.5 and seen.get("known", 0) > 0.5:
        return missed(
            "The validation images are training images: they cannot show overfitting.",
            "Pass `validation_data=(x_valid, y_valid)` to `fit`.",
        )
    return met("`fit` watches validation images.")


@mnist.check(points=1, needs=[trains_without_an_error])
def feeds_the_right_images_and_labels(program: Classifier) -> Finding:
    """The images that reach the model keep a sensible range, and each keeps its own label."""
    data = program.data
    if not program.fits:
        return met("The training loop is the program's own.")
    right = data.get("labels_right")
    if isinstance(right, (int, float)) and right < HALF and data.get("known", 0) > 0.5:
        return missed(
            f"Only {right:.0%} of the images looked at still had their own label.",
            "Whatever reorders the images must reorder the labels in the same way.",
        )
    if data.get("from_validation", 0) > 0.5 and data.get("known", 0) > 0.5:
        return missed("`fit` learns from the validation images.", "Train on `x_train`; only watch `x_valid`.")
    return _judged_range(program)


@mnist.check(points=1, needs=[trains_without_an_error])
def updates_its_weights(program: Classifier) -> Finding:
    """A few steps of `train` change the model's weights, and they stay finite."""
    trained = program.trained
    if trained.get("finite") is False:
        return missed("After a few steps some weights were infinite or no numbers.", "Lower the learning rate.")
    if not trained.get("moved"):
        rate = program.optimizer.get("learning_rate")
        if rate == 0:
            return missed("The learning rate is 0: no step changes anything.", "Try 0.01 with SGD or 0.001 with Adam.")
        return missed(
            "No weight of the model that `train` was given had changed.", "Does `train` fit that model, or another one?"
        )
    listed = trained.get("frozen")
    before = {layer.name for layer in program.layers if not layer.learns}  # told by another check already
    if frozen := [name for name in listed if name not in before] if isinstance(listed, list) else []:
        return partly(
            0.5, f"`train` froze {_listed(frozen)}.", "Nothing here was trained before: let every layer learn."
        )
    return met("The weights move.")


@mnist.check(
    points=4,
    needs=[
        learns_features_by_convolution,
        matches_loss_with_output_and_labels,
        feeds_the_right_images_and_labels,
        updates_its_weights,
    ],
)
def learns_to_read_digits(training: Training) -> Finding:
    """Trained afresh on a small budget, the model reads most digits that it has never seen."""
    return training.verdict(THRESHOLDS, what="held-out digits")


def _label_mismatch(program: Classifier) -> str:
    """What is wrong between the loss and the way the labels are written, with the way out; or nothing."""
    loss, labels = str(program.loss.get("class") or ""), program.data.get("labels")
    if loss.startswith("Sparse") and labels == "one-hot":
        return f"`{loss}` wants whole numbers, but the labels are one-hot. Drop the word `sparse`."
    if loss not in ("", "SparseCategoricalCrossentropy") and labels == "integers":
        return f"`{loss}` wants one-hot labels, but they are whole numbers. Use the sparse loss, or `to_categorical`."
    return ""


def _judged_crossentropy(loss: str, output: str, logits: bool) -> Finding:
    if logits and output == "softmax":
        return missed(
            f"The model ends in softmax, yet `{loss}` is told `from_logits=True`: softmax is applied twice.",
            "Drop one of the two.",
        )
    if logits and output == "linear":
        return met(f"Raw scores and `{loss}(from_logits=True)` fit each other.")
    if output == "softmax":
        return met(f"`softmax` and `{loss}` fit each other.")
    if output == "linear":
        return missed(
            f"The model gives raw scores, but `{loss}` expects probabilities.",
            "End with softmax, or tell the loss `from_logits=True`.",
        )
    return missed(
        f"The model ends in `{output}`, but `{loss}` needs {'raw scores' if logits else 'ten probabilities that add up to one'}.",
        'Use `activation="softmax"` in the last layer.',
    )


def _judged_range(program: Classifier) -> Finding:
    low, high = program.data.get("low"), program.data.get("high")
    if program.data.get("finite") is False:
        return missed("Some pixels given to `fit` were infinite or no numbers.")
    if not isinstance(low, (int, float)) or not isinstance(high, (int, float)):
        return met("The images could not be looked at before they entered the model.")
    scale, offset = _first_rescaling(program)
    low, high = low * scale + offset, high * scale + offset
    normalises = any(layer.kind in ("BatchNormalization", "Normalization") for layer in program.layers[:3])
    if high - low < 0.1 and not normalises:
        return missed(
            f"The pixels that reach the first layer lie between {low:.2g} and {high:.2g}: they were scaled twice.",
            "`x_train` already lies between 0 and 1; do not divide it again.",
        )
    if max(abs(low), abs(high)) > 20 and not normalises:
        return missed(
            f"The pixels that reach the first layer lie between {low:.0f} and {high:.0f}.",
            "Keep them small, such as 0 to 1: large inputs make large gradients.",
        )
    return met(f"The pixels lie between {low:.2g} and {high:.2g}.")


def _first_rescaling(program: Classifier) -> tuple[float, float]:
    for layer in program.of_kind(["Rescaling"])[:1]:
        scale, offset = layer.told("scale"), layer.told("offset")
        if isinstance(scale, (int, float)) and isinstance(offset, (int, float)):
            return float(scale), float(offset)
    return 1.0, 0.0


def _hidden_convolutions(model: Classifier) -> int:
    """Convolutions that a model's own code does without a layer: those in its operations beyond the layers' own."""
    counted = sum(model.operations.get(name, 0) for name in ("Conv2D", "DepthwiseConv2dNative"))
    return max(0, int(counted) - model.count(*CONVOLUTIONS))


def _strides(told: object) -> int:
    numbers = [part for part in told if isinstance(part, int)] if isinstance(told, list) else [told]
    return max((part for part in numbers if isinstance(part, int)), default=1)


def _listed(names: object) -> str:
    return ", ".join(f"`{name}`" for name in names) if isinstance(names, (list, tuple)) else ""


def _article(name: object) -> str:
    return "nothing" if name == "NoneType" else f"a `{name}`"
