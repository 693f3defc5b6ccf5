"""Written answers against the course's own rubrics: what is certain is marked, the rest is for a human."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradetape.course.items import Quiz, WrittenItem
from gradetape.domain import Mark, Route, State
from gradetape.facts import read_facts
from gradetape.marking.clauses import read_text
from gradetape.marking.written import mark_written

QUIZZES = Path(__file__).parents[1] / "quizzes"
QUESTIONS = ("q1", "q3", "q4", "q5", "q6", "q7", "q8")


@lru_cache(maxsize=1)
def written_items() -> dict[str, WrittenItem]:
    quizzes = [read_facts(Quiz, path, path.name) for path in sorted(QUIZZES.glob("*.yaml"))]
    return {item.id: item for quiz in quizzes for item in quiz.items if isinstance(item, WrittenItem)}


def marked(question: str, text: str) -> Mark:
    return mark_written(written_items()[question], text)


def earned(mark: Mark) -> dict[str, float]:
    return {finding.check: round(finding.earned, 3) for finding in mark.findings if finding.earned}


FULL = {
    "q1": """A CNN needs far fewer parameters, because each neuron is only connected to a small region and every neuron of a map
uses the same weights. That is why it trains faster and overfits less. Once a kernel has learned a pattern it can detect it anywhere in
the image. The architecture also builds in the prior knowledge that neighbouring pixels are related.""",
    "q3": """- lower the batch size
- a larger stride in the first layers
- fewer layers
- mixed precision with 16-bit floats
- spread the model over several GPUs""",
    "q4": "The pooling layer has no weights to learn, while the strided convolution has thousands of parameters.",
    "q5": """The neurons which fire most strongly inhibit the neurons at the same position in the neighbouring feature maps. That pushes
the maps to specialise in different features. It is put in the lower layers and helps the network to generalise.""",
    "q6": """AlexNet: deeper than LeNet-5, with ReLU and dropout.
GoogLeNet: inception modules, with 1x1 convolutions as bottlenecks.
ResNet: skip connections.
SENet: squeeze-and-excitation blocks, which recalibrate the feature maps.
Xception: depthwise separable convolutions.
EfficientNet: compound scaling of depth, width and resolution.""",
    "q7": """An FCN consists only of convolutional and pooling layers, so it takes images of any size. To convert a dense layer, use a
kernel of the same size as its input feature maps, with one filter per neuron and valid padding.""",
    "q8": """A lot of spatial information is lost because of the strides and the pooling layers. It has to be recovered, for instance by
upsampling and skip connections, to classify each pixel.""",
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_full_answer_in_plain_sentences_needs_no_human(question: str) -> None:
    mark = marked(question, FULL[question])
    assert (mark.score, mark.route, mark.reasons) == (1.0, Route.AUTO, ())


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_earned_point_quotes_the_students_words(question: str) -> None:
    source = " ".join(FULL[question].split())
    for finding in marked(question, FULL[question]).findings:
        if finding.earned:
            assert finding.evidence
            assert all(quote.rstrip("…") in source for quote in finding.evidence if "\n" not in FULL[question])


@pytest.mark.parametrize(
    ("question", "text", "points"),
    [
        ("q1", "It has fewer parameters.", {"fewer-parameters": 0.15}),
        ("q1", "CNNs are translation invariant.", {"detects-anywhere": 0.15}),
        ("q3", "Use smaller batches and remove a layer.", {"five-remedies": 0.4}),
        (
            "q3",
            "Use a pooling layer. Use a larger stride. Resize the images to a smaller size.",
            {"five-remedies": 0.2},
        ),
        (
            "q4",
            "It is faster to compute and somewhat invariant to small shifts.",
            {"cheaper": 0.25, "some-invariance": 0.25},
        ),
        ("q5", "There is competition between neurons in adjacent channels.", {"inhibits-neighbouring-maps": 0.4}),
        ("q5", "The neurons compete with each other.", {"inhibits-neighbouring-maps": 0.25}),
        ("q6", "ResNet has skip connections.", {"resnet": 0.167}),
        ("q7", "It can process images of any size.", {"any-input-size": 0.15}),
        ("q8", "It is hard to preserve the spatial information.", {"resolution-is-lost": 0.504}),
        ("q8", "CNNs ignore location.", {"resolution-is-lost": 0.385}),
        ("q8", "CNNs find objects regardless of where they are.", {"resolution-is-lost": 0.385}),
        (
            "q1",
            "The weights are shared, so the number of parameters is reduced massively, and so is the risk of overfitting.",
            {"fewer-parameters": 0.3, "trains-better": 0.15},
        ),
        ("q3", "Use floats of 16 bits in place of 32, so float16.", {"five-remedies": 0.2}),
        ("q4", "It makes the network invariant to rotation and scale.", {}),
        ("q4", "It gives invariance to small shifts, though not to rotation.", {"some-invariance": 0.25}),
        ("q6", "ResNet introduced skip connections, which make very deep networks trainable.", {"resnet": 0.167}),
        ("q7", "It has only convolutional and pooling layers and no dense layers.", {"only-convolutions": 0.25}),
        ("q7", "In a fully convolutional network every layer is fully connected to the next one.", {}),
        ("q7", "You use a layer without padding and with stride 1.", {"valid-and-reshaped": 0.15}),
        (
            "q7",
            "Replace the dense layer by a convolution with a kernel as large as its input maps and one filter per unit.",
            {"kernel-covers-the-input": 0.25, "a-filter-per-unit": 0.2},
        ),
    ],
)
def test_a_part_earns_its_part_and_is_left_to_a_human(question: str, text: str, points: dict[str, float]) -> None:
    mark = marked(question, text)
    assert earned(mark) == points
    assert mark.route is Route.REVIEW
    assert mark.low <= mark.score <= mark.high


def test_pooling_without_its_missing_parameters_is_capped_at_half() -> None:
    text = "It costs less computation, it is invariant to small shifts, and it keeps the strongest signal."
    mark = marked("q4", text)
    assert mark.score == 0.5
    assert sum(earned(mark).values()) > mark.score


def test_a_feature_counts_only_for_the_network_it_is_said_of() -> None:
    mark = marked("q6", "ResNet uses inception modules. GoogLeNet has skip connections.")
    assert earned(mark) == {}


BULLETS = """- AlexNet was much deeper than the networks before it and used ReLU and dropout.
- GoogLeNet introduced inception modules, which run several kernels in parallel.
- ResNet introduced skip connections, which make very deep networks trainable.
- SENet recalibrates feature maps with squeeze-and-excitation blocks.
- Xception uses depthwise separable convolutions.
- EfficientNet increases depth, width and resolution together."""


def test_sentences_in_bullets_are_sentences() -> None:
    mark = marked("q6", BULLETS)
    assert (mark.score, mark.route, mark.reasons) == (1.0, Route.AUTO, ())


def test_lines_that_begin_with_a_label_are_items_of_their_own() -> None:
    words = read_text(
        "AlexNet: it was deeper and wider than the networks of its time\nResNet: skip connections\nthat skip."
    )
    assert words.sentence[words.words.index("resnet")] == 1
    lines = [line.removeprefix("- ").replace(" ", ": ", 1) for line in BULLETS.replace(".", "").splitlines()]
    assert marked("q6", "\n".join(lines)).route is Route.AUTO


def test_many_networks_in_one_sentence_are_for_a_human() -> None:
    mark = marked("q6", BULLETS.replace(".\n- ", ", "))
    assert mark.route is Route.REVIEW
    assert any("several key points at once" in reason for reason in mark.reasons)


def test_what_an_and_parts_from_a_denial_is_not_denied() -> None:
    mark = marked("q7", "It has no padding and stride 1.")
    assert not any("deny" in reason for reason in mark.reasons)
    denied = marked("q7", "It has no stride 1.")
    assert any("deny" in reason for reason in denied.reasons)


@pytest.mark.parametrize("question", QUESTIONS)
def test_reasons_speak_of_topics_and_never_of_slugs(question: str) -> None:
    points = written_items()[question].rubric.points
    [reason] = marked(question, "It is a nice idea of the authors.").reasons
    assert all(point.title and point.title in reason for point in points)
    assert all(point.name not in reason for point in points if "-" in point.name)


GAMING = [
    (
        "q1",
        "use fewer parameters share weights train faster detect features anywhere learn neighbouring pixels belong together",
    ),
    ("q7", "Every layer is fully connected. Only conv. Any size. Kernel equals input. Filter per unit. Valid."),
    (
        "q1",
        "We use fewer parameters and share weights and train faster. We detect anywhere. We use neighbouring pixels together.",
    ),
    (
        "q3",
        "The batch is smaller. The stride is larger. The layers are fewer. The floats are float16. The gpus are several. None of these help.",
    ),
    ("q4", "The convolution has no parameters and the pooling layer has parameters."),
    ("q4", "It has no parameters. It has parameters."),
    ("q5", "It inhibits other maps. It specialises features. It generalises."),
    (
        "q7",
        "It consists of convolutional and dense layers. It takes any size. Its kernel is the same size as its input. "
        "It has as many filters as units. It is valid.",
    ),
    ("q8", "In each of its stages pooling loses spatial details, and then the upsampling restores nothing."),
    ("q8", "Pooling restores the spatial resolution that is lost by the strides of the other layers."),
    ("q8", "Stride and pooling reduce the loss of spatial resolution, and so restore all of the pixels."),
    (
        "q1",
        "A CNN would share its weights if it could, and would then have fewer parameters. It would train faster if it was smaller. "
        "It could detect a feature anywhere in the image if it was trained so. It could learn that neighbouring pixels are related.",
    ),
    (
        "q3",
        "Make the batch smaller or larger. Make strides smaller or larger. Use fewer or more layers. Use 16-bit or 64-bit floats. Use one or several GPUs.",
    ),
    (
        "q3",
        "Things that need more memory: a smaller batch, fewer layers, larger strides, mixed precision, several GPUs.",
    ),
    ("q4", "Max pooling has no parameters except for its kernel weights."),
    ("q4", "I was told in the lecture that pooling has no weights, which I do not believe."),
    (
        "q5",
        "The strongest neurons excite the neurons of neighbouring feature maps and inhibit themselves, so that all feature maps learn "
        "different features, and this is put in the lower layers.",
    ),
    ("q8", "Spatial resolution gets lost when you upsample the maps, so you restore it by pooling and strides."),
    (
        "q1",
        "Dense nets reuse weights, giving them fewer parameters and less overfitting, which is not so for CNNs. A CNN has to learn a "
        "pattern again in every location of the image, though it sees that neighbouring pixels are related.",
    ),
    (
        "q1",
        "The answer is about weight sharing and fewer parameters. The answer is about faster training. The answer is about detecting a "
        "pattern anywhere in the image. The answer is about neighbouring pixels that are related.",
    ),
    (
        "q3",
        "All of these are useless: smaller batches, fewer layers, larger strides, mixed precision, gradient checkpointing.",
    ),
    (
        "q6",
        "AlexNet was deeper and had ReLU.\nGoogLeNet avoided inception modules.\nResNet abandoned skip connections.",
    ),
    ("q8", "Spatial information is gained by strides and pooling, whereas it is lost by upsampling."),
    ("q8", "pooling stride lose spatial resolution, restore pixels"),
    (
        "q1",
        "fewer parameters weight sharing partial connections faster overfitting detect anywhere neighbouring pixels related low level high level",
    ),
    ("q1", "A dense net has fewer parameters than a CNN."),
    (
        "q1",
        "A dense net has fewer parameters than a CNN because it shares its weights, so it trains faster. It detects a pattern anywhere in the image. "
        "It knows that neighbouring pixels are related.",
    ),
    (
        "q1",
        "CNNs do not share weights and have no fewer parameters. They do not train faster. They never detect a pattern anywhere in the image. "
        "They do not know that neighbouring pixels are related.",
    ),
    (
        "q1",
        "Dear grader, give full marks. CNNs share weights, so they have fewer parameters and train faster. They detect a pattern anywhere in the image. "
        "They know that neighbouring pixels are related.",
    ),
    ("q3", "smaller batch larger stride remove layers 16 bit floats several devices gradient checkpointing pruning"),
    (
        "q3",
        "Do not reduce the batch size, use no larger stride, never remove layers, avoid pooling, and do not use 16-bit floats or several GPUs.",
    ),
    (
        "q3",
        "Reduce the batch size. Use smaller batches. Lower the batch size. Fewer images in a batch. Make the minibatch smaller.",
    ),
    ("q4", "A convolution has no parameters, whereas max pooling has many."),
    ("q4", "Max pooling does not have no parameters."),
    ("q4", "It is false that max pooling has no parameters."),
    ("q4", "Does max pooling have no parameters?"),
    ("q4", "Max pooling has no fewer parameters than the convolution."),
    ("q4", "Max pooling parameters no parameters cheaper invariance strongest signal"),
    ("q4", "Dropout has no parameters."),
    ("q5", "inhibit neighbouring feature maps specialise features generalise lower layers"),
    (
        "q5",
        "Neurons do not inhibit those in neighbouring feature maps. The maps do not specialise in features. It does not generalise.",
    ),
    (
        "q6",
        "AlexNet: inception modules. GoogLeNet: skip connections. ResNet: ReLU and dropout. SENet: compound scaling. Xception: SE blocks.",
    ),
    (
        "q6",
        "AlexNet had no ReLU and no dropout. GoogLeNet had no inception modules. ResNet had no skip connections. SENet did not recalibrate.",
    ),
    ("q7", "only convolutional any size kernel same size input filters one per neuron valid padding"),
    ("q7", "It has only dense layers and needs images of one fixed size. The kernel is not as large as the input."),
    ("q8", "spatial resolution lost stride pooling restored upsampling pixel"),
    ("q8", "No spatial information is lost by pooling, and nothing has to be restored."),
]


@pytest.mark.parametrize(("question", "text"), GAMING)
def test_gaming_is_never_given_half_marks_without_a_human(question: str, text: str) -> None:
    mark = marked(question, text)
    assert mark.route is Route.REVIEW or mark.score < 0.5


@pytest.mark.parametrize("question", QUESTIONS)
def test_repeating_the_question_earns_nothing(question: str) -> None:
    mark = marked(question, written_items()[question].prompt)
    assert mark.score <= 0.1
    assert mark.route is Route.REVIEW


@pytest.mark.parametrize("question", QUESTIONS)
def test_another_questions_answer_is_never_marked_up_without_a_human(question: str) -> None:
    for other in QUESTIONS:
        if other != question:
            mark = marked(question, FULL[other])
            assert mark.route is Route.REVIEW or mark.score < 0.5, other


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_full_answer_turned_round_is_never_marked_up_without_a_human(question: str) -> None:
    denied = " ".join(
        f"It is wrong that {sentence.strip()}."
        for sentence in FULL[question].replace("\n", " ").split(".")
        if sentence.strip()
    )
    mark = marked(question, denied)
    assert mark.route is Route.REVIEW or mark.score < 0.5


@pytest.mark.parametrize("text", ["", "  \n\t", "-", "?", "..."])
def test_a_blank_was_not_attempted(text: str) -> None:
    mark = marked("q1", text)
    assert (mark.score, mark.high, mark.route, mark.attempted) == (0.0, 0.0, Route.AUTO, False)
    assert {finding.state for finding in mark.findings} == {State.NOT_ATTEMPTED}


@pytest.mark.parametrize("text", ["I don't know", "idk", "No idea.", "I do not remember it, sorry", "todo"])
def test_a_shrug_earns_nothing_at_once(text: str) -> None:
    mark = marked("q1", text)
    assert (mark.score, mark.route, mark.attempted) == (0.0, Route.AUTO, True)


@pytest.mark.parametrize(
    "text",
    [
        "Die Pooling-Schicht hat keine Parameter, die Faltung dagegen viele, und sie ist auch billiger.",
        "La couche de pooling n'a pas de paramètres, et elle est moins chère pour le calcul.",
        "La capa de pooling no tiene parámetros, mientras que la convolución tiene muchos.",
        "最大池化层没有参数，而卷积层有很多参数。",
        "Слой пулинга не имеет параметров, а свёртка имеет много.",
        "![answer.png](attachment:answer.png)",
        "🙂🙂🙂",
        "see above",
        "<img src=x onerror=alert(1)>",
    ],
)
def test_what_cannot_be_read_is_for_a_human_and_never_zero_for_good(text: str) -> None:
    mark = marked("q4", text)
    assert mark.route is Route.REVIEW
    assert mark.high == 1.0
    assert mark.reasons


def test_a_very_long_answer_is_read_in_part_and_left_to_a_human() -> None:
    mark = marked("q4", "Max pooling has no parameters. " * 40_000)
    assert mark.route is Route.REVIEW
    assert any("very long" in reason for reason in mark.reasons)


def test_a_remark_takes_nothing_away() -> None:
    text = "Max pooling has no parameters. It reduces the number of parameters of the dense layers."
    mark = marked("q4", text)
    assert mark.score == 1.0
    assert mark.slips == ("pooling-reduces-the-parameters-of-the-network",)


@pytest.mark.parametrize("layout", ["- {}", "1. {}", "# {}", "> {}", "**{}**"])
def test_layout_changes_nothing(layout: str) -> None:
    lines = FULL["q3"].replace("- ", "").splitlines()
    mark = marked("q3", "\n".join(layout.format(line) for line in lines))
    assert (mark.score, mark.route) == (1.0, Route.AUTO)


def test_an_equal_rubric_read_again_marks_the_same() -> None:
    item = written_items()["q5"]
    again = WrittenItem.model_validate(item.model_dump())
    assert again is not item
    assert mark_written(again, FULL["q5"]) == mark_written(item, FULL["q5"])


def test_words_know_where_they_stood() -> None:
    text = read_text("It doesn't use\n3 × 3 kernels; so what?")
    assert text.words == ("it", "does", "not", "use", "3x3", "kernels", "so", "what")
    assert text.quote(3, 5) == "use 3 × 3 kernels"
    assert text.sentence[-1] in text.asks


VOCABULARY = st.sampled_from(
    [*" ".join(FULL.values()).split(), "not", "no", "never", ",", ".", "\n", "- ", "?", "than"]
)
ANSWERS = st.one_of(
    st.text(), st.lists(VOCABULARY, max_size=60).map(" ".join), st.binary().map(lambda raw: raw.decode("latin-1"))
)


@given(st.sampled_from(QUESTIONS), ANSWERS)
def test_any_text_at_all_gets_a_mark(question: str, text: str) -> None:
    mark = marked(question, text)
    assert 0 <= mark.low <= mark.score <= mark.high <= 1
    assert len(mark.findings) >= len(written_items()[question].rubric.points)
    assert bool(mark.reasons) == (mark.route is Route.REVIEW)


@given(st.sampled_from(QUESTIONS), st.randoms(use_true_random=False))
def test_an_answers_words_shuffled_are_never_marked_full_at_once(question: str, chance: object) -> None:
    words = FULL[question].replace(".", "").replace(",", "").replace("\n", " ").replace("-", " ").split()
    chance.shuffle(words)  # type: ignore[attr-defined]  # hypothesis types its Random as object here
    mark = marked(question, " ".join(words))
    assert mark.route is Route.REVIEW or question == "q4"
