"""What was seen of a transfer-learning program: a view for judges.

Everything here came out of a process that ran a student's code, so nothing is taken to have the type it should have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradetape.domain import JsonValue
from gradetape.evidence.program import Facts, Program, mapping, number, texts, whole

BASE_KNOWN_BY = ("imagenet", "stand-in")
WEIGHTS_IN_WORDS = {
    "imagenet": "ImageNet weights",
    "stand-in": "random weights in the place of ImageNet's, which are not on this machine",
    "none": "no pretrained weights",
}


@dataclass(frozen=True)
class Fit:
    """One `fit` of a phase, and which split its data came from."""

    facts: Facts
    source: Facts

    @property
    def trainable_base(self) -> int:
        return whole(self.facts.get("trainable_base"))

    @property
    def trainable_base_kernels(self) -> int:
        """How many of them are weights of layers that compute features, and not only normalise."""
        return whole(self.facts.get("trainable_base_kernels"))

    @property
    def recompiled(self) -> bool:
        """Whether the model was compiled in the same phase, before this fit."""
        return self.facts.get("compiled") is True

    @property
    def as_compiled(self) -> bool:
        """Whether what was trainable at the compile is what was trainable at the fit."""
        return self.facts.get("as_compiled") is True

    @property
    def stale(self) -> bool:
        """Whether other variables had been trained under the same compile before."""
        return self.facts.get("stale") is True

    @property
    def optimizer(self) -> str:
        return str(mapping(self.facts.get("optimizer")).get("class", ""))

    @property
    def learning_rate(self) -> float:
        return number(mapping(self.facts.get("optimizer")).get("learning_rate"))

    @property
    def loss(self) -> Facts:
        return mapping(self.facts.get("loss"))

    @property
    def trained_on(self) -> str:
        return str(self.source.get("training", "unknown"))

    @property
    def validated_on(self) -> str:
        """training, validation, test, unknown, or none."""
        return str(self.source.get("validation", "unknown"))


@dataclass(frozen=True)
class Phase:
    """What one of the two functions did."""

    facts: Facts

    @property
    def seen(self) -> bool:
        return bool(self.facts)

    @property
    def finished(self) -> bool:
        return self.facts.get("finished") is True

    @property
    def fits(self) -> tuple[Fit, ...]:
        """The fits of the model that `build_model` made."""
        fits, sources = self.facts.get("fits"), self.facts.get("sources")
        told = [mapping(source) for source in sources] if isinstance(sources, list) else []
        ran = iter(told)
        listed = [mapping(fit) for fit in fits] if isinstance(fits, list) else []
        paired = [(fit, {} if fit.get("stale") is True else next(ran, {})) for fit in listed]  # a stale fit was not run
        return tuple(Fit(fit, source) for fit, source in paired if fit.get("own_model") is True)

    @property
    def changed_base(self) -> int:
        return whole(self.facts.get("changed_base"))

    @property
    def changed_head(self) -> int:
        return whole(self.facts.get("changed_head"))

    @property
    def base_variables(self) -> int:
        return whole(self.facts.get("base_variables"))


@dataclass(frozen=True)
class TransferLearning(Program):
    """Data, pipeline, model, and the two phases of a transfer-learning program."""

    @property
    def circumstances(self) -> str:
        """Data, weights, device, seed and budget, as one sentence for the report."""
        run = mapping(self.facts.get("run"))
        weights = WEIGHTS_IN_WORDS.get(str(self.base.get("weights")), "no base")
        return (
            f"Looked at with the data set `{run.get('dataset')}`, {weights}, seed {run.get('seed')}, "
            f"on a {run.get('device')}, {run.get('budget')}."
        )

    # --- the data

    @property
    def sizes(self) -> Mapping[str, int]:
        """Pictures by split; empty when the data could not be read."""
        sizes = mapping(mapping(self.facts.get("splits")).get("sizes"))
        return {name: whole(size) for name, size in sizes.items()}

    @property
    def shared(self) -> Mapping[str, int]:
        """Pictures that stand in two splits at once, by the pair of their names; only where there are any."""
        shared = mapping(mapping(self.facts.get("splits")).get("shared"))
        return {pair: whole(count) for pair, count in shared.items() if whole(count)}

    @property
    def classes(self) -> int:
        """How many classes the pictures' labels have."""
        return whole(mapping(self.facts.get("splits")).get("classes"))

    @property
    def classes_returned(self) -> int:
        return whole(mapping(self.facts.get("splits")).get("classes_returned"))

    def batch(self, split: str) -> Facts:
        """A batch that `prepare` made of a split; empty when it made none."""
        return mapping(mapping(self.facts.get("pipeline")).get(split))

    # --- the model

    @property
    def returned(self) -> tuple[str, ...]:
        return texts(self.facts.get("returned"))

    @property
    def model(self) -> Facts:
        return mapping(self.facts.get("model"))

    @property
    def layers(self) -> tuple[str, ...]:
        """The class of each layer, with a pretrained base as one."""
        layers = self.model.get("layers")
        return tuple(str(mapping(layer).get("class")) for layer in layers) if isinstance(layers, list) else ()

    @property
    def base(self) -> Facts:
        """family, name, weights, top_used, layers, parameters, scale; empty when no base was found."""
        return mapping(self.facts.get("base"))

    @property
    def family(self) -> str:
        return str(self.base.get("family", "unknown"))

    @property
    def base_input(self) -> Facts:
        """What reached the base: expected, validation, training (scales), repeats, same_set, unaltered, low, high."""
        return mapping(self.facts.get("base_input"))

    @property
    def outputs(self) -> Facts:
        """What the model gives after both phases: shape, probabilities, within_unit, finite; and how labels look."""
        return mapping(self.facts.get("outputs"))

    @property
    def output_size(self) -> JsonValue:
        shape = self.model.get("output_shape")
        return shape[-1] if isinstance(shape, list) and shape else None

    # --- the phases

    @property
    def head_phase(self) -> Phase:
        return Phase(mapping(self.facts.get("head_phase")))

    @property
    def fine_phase(self) -> Phase:
        return Phase(mapping(self.facts.get("fine_phase")))

    @property
    def loss(self) -> Facts:
        """The loss of the first phase, or of the second where the first has none."""
        fits = (*self.head_phase.fits, *self.fine_phase.fits)
        return next((fit.loss for fit in fits if fit.loss), {})
