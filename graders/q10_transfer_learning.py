"""Q10: transfer learning for pictures, from the raw data to the second phase of training."""

from __future__ import annotations

from collections.abc import Mapping

from gradetape.domain import Finding, JsonValue
from gradetape.evidence import Training, TransferLearning
from gradetape.evidence.program import describe
from gradetape.evidence.transfer import WEIGHTS_IN_WORDS, Fit, Phase
from gradetape.exercise import Exercise, TrainingPlan
from gradetape.expect import expect, met, missed, partly, undecided
from gradetape.thresholds import thresholds

SIDE = 224
MOST_HEAD_PARAMETERS = 60_000_000  # a dense layer of 512 on flattened 7×7×2048 maps has 51 million
THRESHOLDS = thresholds("q10_transfer_learning", beside=__file__)
SCALE_IN_WORDS = {
    "symmetric": "values from -1 to 1",
    "centred": "blue, green, red in that order, each minus its ImageNet mean",
    "standardised": "values standardised by ImageNet's means and deviations",
    "raw": "the plain pixel values, 0 to 255",
    "unit": "values from 0 to 1",
    "standardised unit": "pixels divided by 255 and standardised as if they still went up to 255",
    "centred unit": "pixels divided by 255 and centred as if they still went up to 255",
    "symmetric twice": "values scaled to -1…1 twice, so that hardly any contrast is left",
    "symmetric of unit": "pixels divided by 255 and then scaled as if they still went up to 255",
    "unknown": "values on a scale that no network of keras.applications uses",
}
ENTROPIES = ("SparseCategoricalCrossentropy", "CategoricalCrossentropy", "CategoricalFocalCrossentropy")

birds = Exercise(
    "q10_transfer_learning",
    item="q10",
    probe="transfer",
    defines=["load_data", "prepare", "build_model", "train_head", "fine_tune"],
    training=TrainingPlan(
        data="drawn_shapes", base="Xception", thresholds=THRESHOLDS, most_parameters=MOST_HEAD_PARAMETERS
    ),
)


@birds.check(points=1)
def runs_and_defines_its_functions(program: TransferLearning) -> Finding:
    """The program runs and defines its five functions."""
    error = program.error("syntax", "import")
    missing = [name for name in birds.defines if name not in program.defined]
    if error and missing:
        return missed(
            describe("Running the cells from top to bottom failed", error), "Read the message's last line first."
        )
    if error:  # the functions are there; what a cell below them wanted, such as a download, is not what is graded
        return met(describe("All functions are defined. A cell below them failed, which costs nothing", error))
    if len(missing) == len(birds.defines):
        if program.stopped:
            return missed(_stopped(program, "its top level"))
        return missed("None of the five functions is defined.", "Keep the names and parameters that the starter gives.")
    return met("The program runs.")


@birds.check(points=1, needs=[runs_and_defines_its_functions])
def keeps_three_splits_apart(program: TransferLearning) -> Finding:
    """`load_data(name)` returns training, validation and test pictures, none of them in two splits, and the number of classes."""
    if fault := _fault(program, "load_data", "load_data"):
        return fault
    if not program.sizes:
        return missed(_stopped(program, "load_data"))
    if empty := [name for name, size in program.sizes.items() if not size]:
        return missed(f"No pictures in: {', '.join(empty)}.", 'Splits such as "train[80%:]" cut a part of a split.')
    if program.shared:
        told = "; ".join(f"{pair} share {count}" for pair, count in program.shared.items())
        return missed(
            f"Some pictures stand in two splits: {told}.",
            'A validation picture that was trained on proves nothing. Cut once: "train[:80%]" and "train[80%:]".',
        )
    if program.classes_returned != program.classes:
        return missed(
            f"Number of classes: expected {program.classes}, found {program.classes_returned}.",
            'Ask the data set: `info.features["label"].num_classes`.',
        )
    sizes = ", ".join(f"{size} {name}" for name, size in program.sizes.items())
    return met(f"Pictures: {sizes}; none stands in two splits. {program.classes} classes.")


@birds.check(points=1, needs=[runs_and_defines_its_functions])
def prepares_square_batches(program: TransferLearning) -> Finding:
    """`prepare(dataset, training)` makes batches of 224×224 colour pictures with their labels."""
    if fault := _fault(program, "prepare", "prepare"):
        return fault
    for split in ("training", "validation"):
        batch = program.batch(split)
        if not batch or batch.get("empty") is True:
            return missed(f"`prepare` made no batch of the {split} pictures. {_stopped(program, 'prepare')}")
        shape = batch.get("shape")
        if not isinstance(shape, list) or len(shape) != 4:
            return missed(
                f"`prepare` gives {split} pictures of shape {_sizes(shape)}: expected batches, (n, {SIDE}, {SIDE}, 3).",
                "End the pipeline with `.batch(32)`.",
            )
        if shape[1:] != [SIDE, SIDE, 3]:
            return missed(
                f"`prepare` gives {split} batches of {_sizes(shape[1:])}: expected {SIDE}×{SIDE}×3.",
                f"Resize inside the pipeline, for instance with `Resizing({SIDE}, {SIDE}, crop_to_aspect_ratio=True)`.",
            )
        if not batch.get("labels_shape"):
            return missed(
                f"The {split} batches have no labels.", "Map functions must return the label beside the image."
            )
    return met(f"Batches of {SIDE}×{SIDE}×3 with their labels, in training and in validation.")


@birds.check(points=0.5, needs=[prepares_square_batches])
def shuffles_while_training(program: TransferLearning) -> Finding:
    """The training pictures come in a new order; the others need not."""
    steps = program.batch("training").get("steps")
    if isinstance(steps, Mapping) and steps.get("shuffle"):
        return met("The training pictures are shuffled.")
    return missed(
        "With `training=True`, `prepare` did not shuffle.",
        "Add `.shuffle(1000)` before `.batch(…)`: without it each batch holds what happens to lie together in the file.",
    )


@birds.check(points=2, needs=[runs_and_defines_its_functions])
def stands_on_a_pretrained_base(program: TransferLearning) -> Finding:
    """`build_model(n_classes)` puts new layers on a pretrained network of `keras.applications`, without that network's own classes."""
    if fault := _fault(program, "build_model", "build_model", "calling the model"):
        return fault
    if not program.model:
        kinds = ", ".join(f"`{kind}`" for kind in program.returned)
        return missed(f"`build_model` returned {kinds}, no Keras model." if kinds else _stopped(program, "build_model"))
    base = program.base
    if not base:
        return missed(
            f"There is no pretrained network inside the model ({_layers(program)}).",
            "Its accuracy may be fine, but nothing is transferred. Begin with, say, "
            '`keras.applications.Xception(weights="imagenet", include_top=False)`.',
        )
    if base.get("weights") == "none":
        return missed(
            f"The base, {_name(program)}, starts from random weights.",
            'What it has learned is the whole point of borrowing it: `weights="imagenet"`.',
        )
    if base.get("top_used") is True:
        return missed(
            f"The base, {_name(program)}, still decides among its own 1,000 classes.",
            "Build it with `include_top=False` and put your own layers there.",
        )
    weights = WEIGHTS_IN_WORDS.get(str(base.get("weights")), "")
    return met(f"The base is {_name(program)}, with {weights}. {program.circumstances}")


@birds.check(points=2, needs=[prepares_square_batches, stands_on_a_pretrained_base])
def preprocesses_as_the_base_expects(program: TransferLearning) -> Finding:
    """What reaches the base is scaled as it was when the base was trained."""
    seen = program.base_input
    if error := program.error("calling the model"):
        return missed(describe("The model could not take a prepared batch", error))
    if seen.get("reached") is not True:
        return undecided("Nothing that goes into the model was seen to reach the base.")
    expected = str(seen.get("expected"))
    if program.family == "unknown":
        return undecided(f"The base `{program.base.get('name')}` is of no family known here, nor is its preprocessing.")
    told = f"{_name(program)} expects {SCALE_IN_WORDS.get(expected, expected)}"
    hint = "Each network has its own: `keras.applications.<network>.preprocess_input`. Use it once, in one place."
    for split in ("validation", "training"):
        found = str(seen.get(split))
        if found != expected:
            return missed(f"{told}; in {split} it gets {SCALE_IN_WORDS.get(found, found)}.", hint)
    return met(f"{told}, and gets just that.")


@birds.check(points=2, needs=[prepares_square_batches, stands_on_a_pretrained_base])
def leaves_validation_pictures_as_they_are(program: TransferLearning) -> Finding:
    """Validation and test pictures are resized and scaled, but never augmented or left to chance."""
    seen = program.base_input
    if seen.get("reached") is not True:
        return undecided("Nothing that goes into the model was seen to reach the base.")
    hint = "Augment only `if training:`. What is measured on must be the same pictures every time."
    if seen.get("repeats") is not True and seen.get("same_set") is not True:
        return missed("The validation pictures differ from one pass to the next: they are augmented.", hint)
    if seen.get("unaltered") is True and seen.get("repeats") is True and seen.get("in_order") is True:
        return met("The validation pictures are the same in every pass, and no more than resized and scaled.")
    if seen.get("unaltered") is True:
        return partly(
            0.5,
            "The validation pictures are shuffled.",
            "Harmless for the accuracy, but predictions can no longer be laid beside their pictures. Shuffle only training.",
        )
    if seen.get("validation") != "unknown":
        return missed("Something is done to the validation pictures beyond resizing and scaling them.", hint)
    return undecided("The scale of the validation pictures is unknown here, so whether they were altered is, too.")


@birds.check(points=1, needs=[stands_on_a_pretrained_base])
def has_one_output_per_class(program: TransferLearning) -> Finding:
    """The model ends in one unit for each class."""
    wanted = program.classes_returned or program.classes or 4
    shape = program.model.get("output_shape")
    if isinstance(shape, list) and len(shape) != 2:
        return missed(
            f"Output shape: expected (any, {wanted}), found {_sizes(shape)}.",
            "A map of scores is left for each picture: average it away with `GlobalAveragePooling2D`.",
        )
    return expect("Units in the last layer", program.output_size).equals(
        wanted, hint="Use `n_classes`, which `build_model` is given, and not a number of another data set."
    )


@birds.check(points=1, needs=[has_one_output_per_class])
def matches_loss_with_output_and_labels(program: TransferLearning) -> Finding:
    """The last activation, the loss and the way the labels are written fit each other."""
    loss = str(program.loss.get("class") or "")
    outputs = program.outputs
    if not loss:
        error = program.error("train_head", "fine_tune")
        return (
            missed(describe("No loss was seen", error))
            if error
            else undecided("The loss is hidden in a training loop.")
        )
    one_hot = outputs.get("labels") == "one-hot"
    if outputs.get("labels") not in ("one-hot", "numbers"):
        return undecided("The model's outputs could not be computed, so they could not be compared with the loss.")
    if loss == "SparseCategoricalCrossentropy" and one_hot:
        return missed("The labels are one-hot, but the sparse loss wants whole numbers.", "Drop the word `sparse`.")
    if loss.startswith("Categorical") and not one_hot:
        return missed(f"`{loss}` wants one-hot labels, but they are whole numbers.", "Use the sparse loss.")
    if loss in ENTROPIES:
        return _judged_entropy(loss, program.loss.get("from_logits") is True, outputs)
    if loss == "BinaryCrossentropy":
        return missed(
            "`BinaryCrossentropy` asks separate yes-or-no questions; a picture here has exactly one class.",
            "Use softmax with the categorical cross-entropy, sparse for whole-number labels.",
        )
    if program.loss.get("own") is True:
        return undecided(f"The loss `{loss[:60]}` is the program's own.")
    return missed(
        f"`{loss[:60]}` measures distances between numbers, but classes have no order.", "Use a cross-entropy."
    )


@birds.check(points=2, needs=[stands_on_a_pretrained_base])
def freezes_the_base_first(program: TransferLearning) -> Finding:
    """In `train_head` only the new layers learn: the base is frozen."""
    phase = program.head_phase
    if unfit := _without_fit(program, phase, "train_head"):
        return unfit
    hint = "The head's first gradients are large and blind: `base_model.trainable = False` before compiling."
    if free := max(fit.trainable_base for fit in phase.fits):
        return missed(
            f"{free} of the base's {phase.base_variables} weight arrays are trained along with the head.", hint
        )
    if phase.changed_base:
        return missed(f"{phase.changed_base} of the base's weight arrays changed in the first phase.", hint)
    return met("The base stays as it was while the head learns.")


@birds.check(points=1.5, needs=[stands_on_a_pretrained_base])
def unfreezes_part_of_the_base(program: TransferLearning) -> Finding:
    """In `fine_tune` at least the upper layers of the base learn too."""
    phase = program.fine_phase
    if unfit := _without_fit(program, phase, "fine_tune"):
        return unfit
    last = phase.fits[-1]
    if not last.trainable_base:
        return missed(
            "The base is as frozen in the second phase as in the first.",
            "Set `trainable = True` on the base's last layers, or on all of it with a very small learning rate.",
        )
    if not last.trainable_base_kernels:
        return missed(
            "Only normalisation layers of the base are unfrozen; those that compute features are not.",
            "Unfreeze whole blocks, such as `base_model.layers[120:]` of Xception.",
        )
    return met(f"{last.trainable_base} of the base's {phase.base_variables} weight arrays learn in the second phase.")


@birds.check(points=1, needs=[unfreezes_part_of_the_base])
def compiles_again_after_unfreezing(program: TransferLearning) -> Finding:
    """The model is compiled again once layers have been unfrozen, or the change would never reach the optimizer."""
    if not program.fine_phase.fits:
        return undecided("`fine_tune` trains in a loop of its own, which a human has to read.")
    last = program.fine_phase.fits[-1]
    if last.stale or not last.recompiled:
        return missed(
            "`fine_tune` fits without compiling the model again first.",
            "Keras notes what is trainable when the model is compiled. Unfreeze, compile, fit: in that order.",
        )
    if not last.as_compiled:
        return partly(
            0.5,
            "`fine_tune` compiles first and unfreezes afterwards.",
            "Keras promises to heed what is trainable at `compile`, and nothing later. Put the compile last.",
        )
    return met("Compiled again after unfreezing.")


@birds.check(points=1, needs=[unfreezes_part_of_the_base])
def fine_tunes_in_smaller_steps(program: TransferLearning) -> Finding:
    """The second phase has a lower learning rate than the first, so that what the base knows is refined and not overwritten."""
    if not program.head_phase.fits or not program.fine_phase.fits:
        return undecided("The learning rate of a phase is not known.")
    first, second = program.head_phase.fits[0], program.fine_phase.fits[-1]
    rates = f"{_rate(first)}, then {_rate(second)}"
    hint = "A tenth of the first phase's rate is a good start."
    if second.learning_rate <= 0:
        return missed(f"Learning rates: {rates}. With a rate of 0 nothing is tuned.", hint)
    if second.learning_rate < first.learning_rate:
        return met(f"Learning rates: {rates}.")
    if first.optimizer != second.optimizer:
        return undecided(f"Learning rates: {rates}. Rates of different optimizers cannot be compared by their numbers.")
    return missed(f"Learning rates: {rates}; expected a lower one in the second phase.", hint)


@birds.check(points=1, needs=[keeps_three_splits_apart, stands_on_a_pretrained_base])
def saves_the_test_pictures_for_the_end(program: TransferLearning) -> Finding:
    """Both phases learn from training pictures and watch validation pictures; the test pictures stay unseen."""
    fits = [(name, fit) for name, phase in _phases(program) for fit in phase.fits if not fit.stale]
    if not fits:
        return undecided("No `fit` was seen, so neither was what it watches.")
    for name, fit in fits:
        if fit.trained_on in ("validation", "test"):
            return missed(f"`{name}` trains on the {fit.trained_on} pictures.", "Fit the training set you are given.")
    if peeping := [name for name, fit in fits if fit.validated_on == "test"]:
        return missed(
            f"`{peeping[0]}` watches the test pictures while training.",
            "Whatever decides when to stop has been learned from. Give `fit` the validation set.",
        )
    if own := [name for name, fit in fits if fit.validated_on == "training"]:
        return missed(
            f"`{own[0]}` validates on training pictures: they cannot show overfitting.", "Use the validation set."
        )
    if blind := [name for name, fit in fits if fit.validated_on == "none"]:
        share = f"`{blind[0]}` watches no validation pictures."
        return missed(share, "Pass `validation_data=valid_set` to `fit`, or you learn of overfitting too late.")
    if any(fit.validated_on != "validation" for _, fit in fits):
        return undecided("Which pictures `fit` watches could not be recognised.")
    return met("Both phases watch the validation pictures.")


@birds.check(points=2, needs=[has_one_output_per_class, matches_loss_with_output_and_labels, freezes_the_base_first])
def learns_with_its_head(training: Training) -> Finding:
    """Trained afresh on the features of a base, the new layers learn to tell the classes apart."""
    if "refused" in training.facts:
        reasons = training.facts["refused"]
        told = " ".join(str(reason) for reason in reasons) if isinstance(reasons, list) else ""
        return undecided(f"The layers on top of the base could not be rebuilt to be trained. {told}".strip())
    return training.verdict(
        THRESHOLDS,
        what="held-out pictures",
        hint="Look at the learning rate of the first phase, and at layers so narrow or so silent that nothing passes.",
    )


def _judged_entropy(loss: str, logits: bool, outputs: Mapping[str, JsonValue]) -> Finding:
    probabilities = outputs.get("probabilities") is True
    if outputs.get("finite") is not True:
        return missed(
            "After one step in each phase the outputs were infinite or no numbers.", "Lower the learning rate."
        )
    if logits and probabilities:
        return missed(
            f"The model ends in softmax, yet `{loss}` is told `from_logits=True`: softmax is applied twice.",
            "Drop one of the two.",
        )
    if not logits and not probabilities:
        return missed(
            f"`{loss}` expects probabilities that add up to one, and the model does not give them.",
            'End in `activation="softmax"`, or give raw scores and tell the loss `from_logits=True`.',
        )
    return met(f"{'Raw scores' if logits else 'Probabilities'} and `{loss}` fit each other.")


def _phases(program: TransferLearning) -> tuple[tuple[str, Phase], ...]:
    return ("train_head", program.head_phase), ("fine_tune", program.fine_phase)


def _without_fit(program: TransferLearning, phase: Phase, function: str) -> Finding | None:
    """The finding where a phase never came to fit its model; None where it did."""
    if phase.fits:
        return None
    if fault := _fault(program, function, function):
        return fault
    if not phase.seen:
        waits = program.error("load_data", "prepare", "import")
        return (
            missed(describe(f"`{function}` could not be tried", waits))
            if waits
            else missed(_stopped(program, function))
        )
    if phase.changed_base or phase.changed_head:
        return undecided(f"`{function}` trains in a loop of its own, which a human has to read.")
    return missed(f"`{function}` never calls `fit` on the model.", "Compile, then `return model.fit(train_set, …)`.")


def _fault(program: TransferLearning, function: str, *stages: str) -> Finding | None:
    """Why a function could not be judged at all, told once; None where nothing stood in its way."""
    if function in program.missing:
        return missed(f"`{function}` is not defined.", "Keep the names and parameters that the starter gives.")
    if function in program.unfinished:
        return missed(f"`{function}` is still to be written.")
    if error := program.error(*stages):
        return missed(describe(f"`{function}` failed", error))
    return None


def _stopped(program: TransferLearning, function: str) -> str:
    return f"The program was stopped ({program.stopped or 'no reason given'}) before `{function}` had ended."


def _name(program: TransferLearning) -> str:
    return f"{program.family} (`{program.base.get('name')}`)"


def _layers(program: TransferLearning) -> str:
    names = program.layers
    return ", ".join(names[:6]) + (", …" if len(names) > 6 else "")


def _sizes(shape: JsonValue) -> str:
    return "×".join("any" if size is None else str(size) for size in shape) if isinstance(shape, list) else "no shape"


def _rate(fit: Fit) -> str:
    return f"{fit.optimizer} {fit.learning_rate:.3g}"
