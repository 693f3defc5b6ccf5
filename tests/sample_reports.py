"""Reports as judging makes them, for the tests of pages and lines: a class with every state, fault and attack."""

from __future__ import annotations

from gradetape.domain import (
    Ending,
    Fault,
    Finding,
    ItemReport,
    Report,
    Route,
    RunRecord,
    Score,
    State,
)

COURSE = "Convolutional networks, autumn"
TITLES = {
    "q01_cnn_advantages": "What a convolution buys",
    "q02_parameters_and_memory": "Counting parameters and bytes",
    "q04_max_pooling": "Why pool at all?",
    "q06_landmark_architectures": "Who had the idea?",
    "q09_mnist_cnn": "Reading handwritten digits",
    "q10_transfer_learning": "Standing on a trained network",
}
HINTS = {
    "q2b": ("Which tensors must exist at the same moment?", "Two layers at a time.", "Add the parameters."),
    "q4": ("Count what each of the two has to learn.", "Pooling has no kernel.", "How many weights are in a maximum?"),
}
ATTACK = "<script>alert(1)</script>\u202e\u200b\x1b[31m=cmd|'/c calc'!A1 {{ 7*7 }} \ud800"
HOSTILE_NAME = '=HYPERLINK("http://x")<img src=x onerror=alert(1)>\u202etxt'

Q9_LAYERS = [
    ("Conv2D", [None, 28, 28, 64], 3200, {"kernel_size": [7, 7], "padding": "same", "activation": "relu"}),
    ("MaxPooling2D", [None, 14, 14, 64], 0, {"pool_size": [2, 2], "strides": [2, 2]}),
    ("Conv2D", [None, 14, 14, 128], 73856, {"kernel_size": [3, 3], "padding": "same", "activation": "relu"}),
    ("Conv2D", [None, 14, 14, 128], 147584, {"kernel_size": [3, 3], "padding": "same", "activation": "relu"}),
    ("MaxPooling2D", [None, 7, 7, 128], 0, {"pool_size": [2, 2], "strides": [2, 2]}),
    ("Conv2D", [None, 7, 7, 256], 295168, {"kernel_size": [3, 3], "padding": "same", "activation": "relu"}),
    ("MaxPooling2D", [None, 3, 3, 256], 0, {"pool_size": [2, 2], "strides": [2, 2]}),
    ("Flatten", [None, 2304], 0, {}),
    ("Dense", [None, 128], 295040, {"activation": "relu"}),
    ("Dropout", [None, 128], 0, {"rate": 0.5}),
    ("Dense", [None, 10], 1290, {"activation": "softmax"}),
]


def q9_facts() -> dict[str, object]:
    """What a run of a convolutional network saw: its layers, and a training that passed its threshold."""
    accuracies = [0.11, 0.19, 0.34, 0.47, 0.55, 0.63, 0.7, 0.74, 0.79, 0.81]
    return {
        "attempted": True,
        "model": {
            "layers": [
                {
                    "class": name,
                    "name": f"layer_{place}",
                    "output_shape": shape,
                    "parameters": weights,
                    "trainable": True,
                }
                | settings
                for place, (name, shape, weights, settings) in enumerate(Q9_LAYERS)
            ],
            "parameters": 816138,
            "trainable_parameters": 816138,
        },
        "training": {
            "accuracy": 0.838,
            "threshold": 0.6,
            "curve": [
                {"images": 200 * place, "loss": 2.3 - value, "accuracy": value}
                for place, value in enumerate(accuracies, 1)
            ],
            "device": "CPU",
            "by": "trainer",
            "reasons": [],
            "data": "handwritten digits",
            "origin": "shipped with the course",
            "note": "",
            "held_out": 1000,
            "images": 2000,
            "batch_size": 8,
            "passes": 1,
            "seeds": [7],
            "backend": "tensorflow",
            "keras": "3.15.1",
            "weights": "drawn anew",
            "ending": "finished",
        },
    }


def q10_facts() -> dict[str, object]:
    """A deep base with a head: more layers than anyone draws, most of them frozen."""
    base = [
        {
            "class": "SeparableConv2D" if place % 3 == 0 else "BatchNormalization" if place % 3 == 1 else "Activation",
            "name": f"block{place}",
            "output_shape": [None, max(7, 112 // (1 + place // 12)), max(7, 112 // (1 + place // 12)), 64 + 5 * place],
            "parameters": 1000 * place,
            "trainable": False,
        }
        for place in range(132)
    ]
    head = [
        {"class": "Dense", "name": "head", "output_shape": [None, 7, 7, 800], "parameters": 1639200, "trainable": True},
        {"class": "GlobalAveragePooling2D", "name": "pool", "output_shape": [None, 800], "parameters": 0},
        {"class": "Dense", "name": "birds", "output_shape": [None, 200], "parameters": 160200, "activation": "softmax"},
    ]
    return {"model": {"layers": base + head, "parameters": 22660880, "trainable_parameters": 1799400}}


def finding(
    check: str, state: State, message: str = "", earned: float = 0, possible: float = 1, **more: object
) -> Finding:
    return Finding(check, state, message, earned=earned, possible=possible, **more)  # type: ignore[arg-type] # fields vary


def item(name: str, slug: str, state: State, score: Score, *findings: Finding, **more: object) -> ItemReport:
    route = Route.REVIEW if state is State.PENDING else Route.AUTO
    title = str(more.pop("title", ""))
    return ItemReport(name, slug, title, state, route, score, findings, **more)  # type: ignore[arg-type] # fields vary


def run(slug: str, isolation: str = "none", **more: object) -> RunRecord:
    digest = "sha256:" + f"{len(slug):02x}" * 32
    return RunRecord(slug, isolation, more.pop("ending", Ending.FINISHED), digest, digest, 21.4, **more)  # type: ignore[arg-type] # fields vary


def typical(student: str = "Ann Keller") -> Report:
    """Some of everything: right, partly right, wrong in a known way, not attempted, waiting."""
    q2, q9 = "q02_parameters_and_memory", "q09_mnist_cnn"
    return Report(
        student,
        (
            item(
                "q1a",
                "q01_cnn_advantages",
                State.MET,
                Score(1, 1),
                finding("answer", State.MET, "Weight sharing it is.", 1),
            ),
            item(
                "q1",
                "q01_cnn_advantages",
                State.PENDING,
                Score(2.2, 4, 1.0),
                finding(
                    "fewer-parameters",
                    State.MET,
                    "Fewer parameters through weight sharing.",
                    1.2,
                    1.2,
                    evidence=("the same kernel is used everywhere",),
                ),
                finding(
                    "anywhere",
                    State.PENDING,
                    "It may say that a feature is found wherever it stands.",
                    0,
                    1.2,
                    evidence=("it doesn't matter where the cat is",),
                ),
                finding("locality", State.MET, "Neighbouring pixels belong together.", 1, 1),
                reasons=("The second sentence names invariance without saying what does not vary.",),
                suggested=2.8,
            ),
            item(
                "q2a",
                q2,
                State.MISSED,
                Score(0.5, 2),
                finding(
                    "parameters",
                    State.MISSED,
                    "902,700: those are all the weights. What else does each filter own?",
                    0.5,
                    2,
                    hint="Look at the last term of `(k·k·c + 1)·f`.",
                ),
                slips=("forgets-biases",),
            ),
            item(
                "q2b",
                q2,
                State.PARTLY,
                Score(1.4, 2),
                finding("sizes", State.MET, "The map sizes are right: 6 MB and 3 MB.", 1, 1),
                finding("parameters", State.MISSED, "The parameters do not appear in the sum.", 0, 0.6),
                finding("total", State.PARTLY, "Right up to that term.", 0.4, 0.4),
            ),
            item("q2c", q2, State.NOT_ATTEMPTED, Score(0, 2)),
            item(
                "q4",
                "q04_max_pooling",
                State.MISSED,
                Score(0, 2),
                finding(
                    "no-parameters", State.MISSED, "Being cheaper is a consequence. The reason is more basic.", 0, 2
                ),
            ),
            item(
                "q6a",
                "q06_landmark_architectures",
                State.PARTLY,
                Score(2.5, 3),
                finding(
                    "pairs",
                    State.PARTLY,
                    "5 of 6 pairs are right. `SENet` recalibrates maps; it does not skip layers.",
                    2.5,
                    3,
                ),
            ),
            item(
                "q9",
                q9,
                State.PARTLY,
                Score(8, 11),
                finding(
                    "tells-ten-digits-apart",
                    State.MET,
                    "Output shape: (any, 10).",
                    2,
                    2,
                    demand="`build_model()` takes 28×28 grey images and returns ten classes.",
                ),
                finding(
                    "learns-features-by-convolution",
                    State.MET,
                    "`Conv2D` layers: 4.",
                    3,
                    3,
                    demand="At least two `Conv2D` layers stand between the pixels and the classes.",
                ),
                finding(
                    "fits-loss-to-labels",
                    State.MISSED,
                    "Loss: expected sparse categorical cross-entropy, found categorical cross-entropy.",
                    0,
                    2,
                    demand="Loss, labels and the last activation belong together.",
                    hint="Your labels are whole numbers, not one-hot rows.",
                ),
                finding(
                    "learns",
                    State.MET,
                    "Accuracy: 0.838.",
                    3,
                    3,
                    demand="Trained for a short while, the network reads digits it has never seen.",
                ),
                finding(
                    "stops-early",
                    State.NOT_JUDGED,
                    "Not judged, because it needs this first: `train` returns a history.",
                    0,
                    1,
                    demand="Training stops by itself when it no longer helps.",
                ),
                title=TITLES[q9],
            ),
            item(
                "q10",
                "q10_transfer_learning",
                State.PARTLY,
                Score(4, 8),
                finding(
                    "runs",
                    State.MISSED,
                    "Your program stopped with an error in line 14.\n  File \"q10.py\", line 14, in build_model\n    base.trainable = Flase\nNameError: name 'Flase' is not defined",
                    0,
                    4,
                    demand="The program runs from its first line to its last.",
                    hint="Read the last line first: it names what is missing.",
                ),
                finding("hidden-shift", State.MET, "secret", 4, 4, hidden=True),
            ),
        ),
        (
            run("q01_cnn_advantages"),
            run(q2, variant={"height": 200, "width": 300, "maps": [100, 200, 400]}),
            run(q9, "limits", facts=q9_facts()),
            run("q10_transfer_learning", "limits", facts=q10_facts(), ending=Ending.RAISED),
        ),
        (
            Fault(
                "q06_landmark_architectures.ipynb",
                "The answer cell `q6b` is there twice. The first one was graded.",
                "q06_landmark_architectures",
            ),
        ),
        seed=7,
    )


def perfect(student: str = "Ben Ode") -> Report:
    """Full marks everywhere."""
    from dataclasses import replace

    base = typical(student)
    items = tuple(
        replace(
            one,
            state=State.MET,
            route=Route.AUTO,
            score=Score(one.score.possible, one.score.possible),
            findings=(finding("answer", State.MET, "Right.", one.score.possible, one.score.possible),),
            slips=(),
            reasons=(),
        )
        for one in base.items
    )
    return replace(base, items=items, faults=())


def hostile() -> Report:
    """A student whose name, answers, layer names and files attack whoever reads them."""
    facts = q9_facts()
    facts["model"] = {
        "layers": [
            {"class": ATTACK, "name": ATTACK, "output_shape": [None, 10**4000], "parameters": 10**4000},
            "no layer",
            {},
        ]
    }
    facts["training"] = {
        "accuracy": "NaN",
        "threshold": 9,
        "curve": [{ATTACK: 0.5, "images": 1}, {ATTACK: 0.6, "images": 2}],
        "device": ATTACK,
    }
    return Report(
        HOSTILE_NAME,
        (
            item(
                "q9",
                "q09_mnist_cnn",
                State.MISSED,
                Score(0, 11),
                finding(
                    ATTACK,
                    State.MISSED,
                    f"found {ATTACK}\n{ATTACK}",
                    0,
                    11,
                    hint=ATTACK,
                    demand=f"`{ATTACK}`",
                    evidence=(ATTACK,),
                ),
                slips=(ATTACK,),
                reasons=(ATTACK,),
                title=ATTACK,
            ),
        ),
        (run("q09_mnist_cnn", ATTACK, facts=facts, variant={ATTACK: ATTACK}),),
        (Fault(ATTACK, ATTACK, ATTACK),),
    )


def empty(student: str = "Nils Leer") -> Report:
    """Nothing handed in that could be read."""
    base = typical(student)
    items = tuple(
        ItemReport(one.item, one.exercise, one.title, State.NOT_ATTEMPTED, Route.AUTO, Score(0, one.score.possible))
        for one in base.items
    )
    return Report(
        student,
        items,
        (),
        (
            Fault(
                "submission.zip",
                "The archive names a file outside itself (`../../etc/passwd`). Nothing in it was opened.",
            ),
        ),
    )


def a_class() -> list[Report]:
    """A small class of all kinds."""
    names = ["Ann Keller", "Chidi Okafor", "Dana Petrov", "Eun-ji Park", "Farid Haddad", "Greta Lindqvist"]
    return [
        *(typical(name) for name in names),
        perfect(),
        perfect("Maximiliane von Hohenstein-Ahrensburg"),
        empty(),
        hostile(),
    ]
