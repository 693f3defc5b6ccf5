"""How a student's model is trained, read from what was seen of their `train`: checked, and ready to be done again.

Loss, optimizer, its settings, how labels are written, and the brightness the images were brought to. What is not
known here is refused with a reason; then the submission's own code has to train the model behind the wall.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradetape.architecture import Refusal
from gradetape.domain import JsonValue
from gradetape.layer_rules import OutOfRange, Reader, flag, perhaps, real

LOSSES = {  # class: whether its labels are one-hot
    "SparseCategoricalCrossentropy": False,
    "CategoricalCrossentropy": True,
    "CategoricalFocalCrossentropy": True,
    "CategoricalHinge": True,
    "BinaryCrossentropy": True,
    "KLDivergence": True,
    "MeanSquaredError": True,
    "MeanAbsoluteError": True,
}
TAKES_LOGITS = frozenset(
    {"SparseCategoricalCrossentropy", "CategoricalCrossentropy", "CategoricalFocalCrossentropy", "BinaryCrossentropy"}
)
SMOOTHS = frozenset({"CategoricalCrossentropy", "CategoricalFocalCrossentropy", "BinaryCrossentropy"})
_BETAS: dict[str, Reader] = {"beta_1": real(0, 1), "beta_2": real(0, 1), "epsilon": real(0, 1)}
_COMMON: dict[str, Reader] = {
    "weight_decay": perhaps(real(0, 1)),
    "clipnorm": perhaps(real(0)),
    "clipvalue": perhaps(real(0)),
    "global_clipnorm": perhaps(real(0)),
}
OPTIMIZERS: dict[str, dict[str, Reader]] = {
    "SGD": {"momentum": real(0, 1), "nesterov": flag},
    "Adam": {**_BETAS, "amsgrad": flag},
    "AdamW": {**_BETAS, "amsgrad": flag},
    "Nadam": _BETAS,
    "Adamax": _BETAS,
    "RMSprop": {"rho": real(0, 1), "momentum": real(0, 1), "epsilon": real(0, 1), "centered": flag},
    "Adagrad": {"initial_accumulator_value": real(0), "epsilon": real(0, 1)},
    "Adadelta": {"rho": real(0, 1), "epsilon": real(0, 1)},
    "Lion": {"beta_1": real(0, 1), "beta_2": real(0, 1)},
}
RATE = real(0, 1e6)


@dataclass(frozen=True)
class Recipe:
    """Everything but the architecture and the data. `scale` and `offset`: what the images were multiplied by, plus what."""

    loss: str
    from_logits: bool
    label_smoothing: float
    one_hot: bool
    optimizer: str
    learning_rate: float
    settings: Mapping[str, float | bool | None]
    scale: float = 1.0
    offset: float = 0.0

    def as_json(self) -> dict[str, JsonValue]:
        """What the training probe compiles from."""
        return {
            "loss": {
                "class": self.loss,
                **({"from_logits": self.from_logits} if self.loss in TAKES_LOGITS else {}),
                **({"label_smoothing": self.label_smoothing} if self.loss in SMOOTHS else {}),
            },
            "one_hot": self.one_hot,
            "optimizer": {"class": self.optimizer, "learning_rate": self.learning_rate, **self.settings},
            "scale": self.scale,
            "offset": self.offset,
        }


def read(facts: Mapping[str, JsonValue]) -> Recipe | Refusal:
    """The recipe that the facts of probes/keras_classifier.py tell of, or why it cannot be followed here."""
    fits = facts.get("fits")
    if not isinstance(fits, list) or not fits or not isinstance(fits[-1], Mapping):
        return Refusal(("It trains in a loop of its own, without `fit`.",))
    fit = fits[-1]
    compiled = fit.get("compile") or facts.get("compile")
    loss, optimizer = _part(compiled, "loss"), _part(compiled, "optimizer")
    name, stepper = loss.get("class"), optimizer.get("class")
    if loss.get("own") is True or not isinstance(name, str) or name not in LOSSES:
        return Refusal((f"Its loss `{str(name)[:60]}` cannot be rebuilt.",))
    if optimizer.get("own") is True or not isinstance(stepper, str) or stepper not in OPTIMIZERS:
        return Refusal((f"Its optimizer `{str(stepper)[:60]}` cannot be rebuilt.",))
    told = _part(optimizer, "settings")
    data = _part(fit, "data")
    try:
        return Recipe(
            loss=name,
            from_logits=loss.get("from_logits") is True,
            label_smoothing=real(0, 1)(loss.get("label_smoothing", 0.0)),
            one_hot=LOSSES[name],
            optimizer=stepper,
            learning_rate=RATE(optimizer.get("learning_rate")),
            settings={
                key: reader(told[key]) for key, reader in {**_COMMON, **OPTIMIZERS[stepper]}.items() if key in told
            },
            scale=real()(data.get("scale", 1.0)),
            offset=real()(data.get("offset", 0.0)),
        )
    except OutOfRange as fault:
        return Refusal((f"A setting of its optimizer or loss {fault}.",))


def _part(mapping: JsonValue, name: str) -> Mapping[str, JsonValue]:
    part = mapping.get(name) if isinstance(mapping, Mapping) else None
    return part if isinstance(part, Mapping) else {}
