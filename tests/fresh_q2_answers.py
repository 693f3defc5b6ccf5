"""Answers to Q2 as students write them, made up for these tests, each with the mark a careful human would give.

`score` is by the shares of the rubric; `slip` is a slip or a missing step the student ought to hear of.
`route` is given where a human must look ("review") or need not ("auto").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fresh:
    """One answer and what a human says of it."""

    name: str
    item: str
    text: str
    score: float
    slip: str = ""
    route: str = ""
    earlier: Mapping[str, str] = field(default_factory=dict)
    variant: Mapping[str, int] = field(default_factory=dict)
    within: float = 0.15


ALL = [
    # --- q2a -----------------------------------------------------------------------------------------------------
    Fresh("bare number", "q2a", "903400", 1.0, route="auto"),
    Fresh("bare with commas and noun", "q2a", "903,400 parameters", 1.0, route="auto"),
    Fresh("sentence", "q2a", "The network has a total of 903,400 trainable parameters.", 1.0, route="auto"),
    Fresh(
        "latex align",
        "q2a",
        r"\begin{align} L_1 &= (3\cdot 3\cdot 3+1)\cdot 100 = 2\,800 \\ L_2 &= (3\cdot 3\cdot 100+1)\cdot 200 = 180\,200"
        r" \\ L_3 &= (3\cdot 3\cdot 200+1)\cdot 400 = 720\,400 \\ \sum &= \mathbf{903\,400} \end{align}",
        1.0,
        route="auto",
    ),
    Fresh(
        "code with printed output",
        "q2a",
        "k = 3\nl1 = (3*3*3 + 1) * 100\nl2 = (3*3*100 + 1) * 200\nl3 = (3*3*200 + 1) * 400\nprint(l1, l2, l3)\n"
        "print(l1 + l2 + l3)\n\n2800 180200 720400\n903400",
        1.0,
        route="auto",
    ),
    Fresh(
        "keras summary pasted",
        "q2a",
        "Layer (type)   Output Shape   Param #\nconv2d (Conv2D) (None, 100, 150, 100) 2,800\n"
        "conv2d_1 (Conv2D) (None, 50, 75, 200) 180,200\nconv2d_2 (Conv2D) (None, 25, 38, 400) 720,400\n"
        "Total params: 903,400 (3.45 MB)\nTrainable params: 903,400 (3.45 MB)\nNon-trainable params: 0 (0.00 B)",
        1.0,
        route="auto",
    ),
    Fresh(
        "weights only, worked",
        "q2a",
        "conv1: 3*3*3*100 = 2700\nconv2: 3*3*100*200 = 180000\nconv3: 3*3*200*400 = 720000\nsum: 902700",
        0.70,
        "forgets-biases",
        "auto",
    ),
    Fresh("weights only, bare", "q2a", "902,700", 0.70, "forgets-biases", "auto"),
    Fresh(
        "grey input",
        "q2a",
        "First layer (3x3x1+1)x100 = 1,000. Second layer (3x3x100+1)x200 = 180,200. Third layer (3x3x200+1)x400 = 720,400."
        " Together 901,600.",
        0.75,
        "grey-input",
        "auto",
    ),
    Fresh(
        "no depth at all",
        "q2a",
        "Each map has a 3x3 kernel and one bias, 10 parameters. There are 100+200+400 = 700 maps, so 10 * 700 = 7000.",
        0.10,
        "depth-ignored",
        "auto",
    ),
    Fresh(
        "one product wrong, carried into the sum",
        "q2a",
        "Layer 1: 28 * 100 = 2,800\nLayer 2: 901 * 200 = 182,200\nLayer 3: 1801 * 400 = 720,400\nTotal = 905,400",
        0.90,
        route="auto",
    ),
    Fresh(
        "sum wrong",
        "q2a",
        "(3*3*3+1)*100 = 2800; (3*3*100+1)*200 = 180200; (3*3*200+1)*400 = 720400. Total: 2800+180200+720400 = 913400",
        0.80,
        route="auto",
    ),
    Fresh(
        "formula only in words",
        "q2a",
        "Parameters of a layer = (kernel height * kernel width * input channels + 1 bias) * filters",
        0.25,
        within=0.2,
    ),
    Fresh("does not know", "q2a", "no idea", 0.0, route="auto"),
    Fresh("bare nonsense", "q2a", "1,250,000", 0.0, route="auto"),
    Fresh("soup of candidates", "q2a", "903,400 902,700 901,600 19,600 7,000 6,300", 0.0, route="review", within=0.6),
    Fresh("two answers", "q2a", "It is 902,700 or 903,400.", 0.0, route="review", within=0.6),
    Fresh("dots as thousands", "q2a", "903.400", 1.0, route="review", within=0.6),
    Fresh(
        "dots as thousands, worked",
        "q2a",
        "(3·3·3+1)·100 = 2.800\n(3·3·100+1)·200 = 180.200\n(3·3·200+1)·400 = 720.400\nZusammen 2.800 + 180.200 + 720.400 = 903.400",
        1.0,
        within=0.2,
    ),
    # --- q2b -----------------------------------------------------------------------------------------------------
    Fresh("bare MB", "q2b", "12.6 MB", 1.0, route="auto"),
    Fresh("bare MiB", "q2b", "≈ 12.03 MiB", 1.0, route="auto"),
    Fresh("decimal comma", "q2b", "mindestens 12,6 MB", 1.0, route="auto"),
    Fresh("bare bytes in LaTeX", "q2b", r"$12{,}613{,}600\,\text{bytes}$", 1.0, route="auto"),
    Fresh(
        "with the image",
        "q2b",
        "Two layers 9 MB, parameters 3.6136 MB and the input 0.72 MB: 13.33 MB in total.",
        1.0,
        route="auto",
    ),
    Fresh(
        "streamed reading",
        "q2b",
        "I load one layer at a time. The peak is layer 2: 180,200 weights + 1,500,000 inputs + 750,000 outputs ="
        " 2,430,200 floats = 9,720,800 bytes, about 9.7 MB.",
        1.0,
        route="auto",
    ),
    Fresh(
        "two layers without parameters",
        "q2b",
        "Layer 1 needs 100*150*100*4 = 6,000,000 bytes, layer 2 50*75*200*4 = 3,000,000 bytes. Only two layers are needed at"
        " a time, hence 9 MB.",
        0.70,
        "leaves-out-parameters",
        "auto",
    ),
    Fresh(
        "everything kept, binary units",
        "q2b",
        "Feature maps: (1500000+750000+380000)*4/1024**2 = 10.03 MiB. Parameters: 903400*4/1024**2 = 3.45 MiB. Sum: 13.48 MiB",
        0.60,
        "keeps-all-maps",
        "auto",
    ),
    Fresh(
        "parameters only in megabytes", "q2b", "903,400 parameters x 4 bytes = 3.6 MB", 0.20, "parameters-only", "auto"
    ),
    Fresh(
        "bits taken for bytes",
        "q2b",
        "(1500000 + 750000 + 903400) * 32 = 100,908,800 bytes",
        0.70,
        "bits-for-bytes",
        "auto",
        within=0.25,
    ),
    Fresh(
        "knows release, uses it not",
        "q2b",
        "The memory of a layer could be released after the next one is computed, but let us add everything: 6 MB + 3 MB +"
        " 1.52 MB + 3.61 MB = 14.13 MB.",
        0.75,
        "keeps-all-maps",
        "auto",
    ),
    Fresh(
        "own parameters carried",
        "q2b",
        "Two largest layers: 6 MB + 3 MB = 9 MB. Parameters: 19,600 * 4 = 78,400 bytes. Total 9.08 MB.",
        1.0,
        "",
        "auto",
        {"q2a": "(3*3*3+1)*100 + (3*3*3+1)*200 + (3*3*3+1)*400 = 19,600"},
        within=0.1,
    ),
    Fresh(
        "kilobytes and text",
        "q2b",
        "Peak is when layer 2 has just been computed: layer 1 output 6000 kB plus layer 2 output 3000 kB plus the weights"
        " 3613.6 kB, so about 12 614 kB of RAM.",
        1.0,
        route="auto",
    ),
    Fresh(
        "essay with no number",
        "q2b",
        "We need memory for the weights and for the outputs of the layers, and it depends on the framework how much of it is freed in between, so one should measure.",
        0.1,
        route="review",
        within=0.3,
    ),
    # --- q2c -----------------------------------------------------------------------------------------------------
    Fresh("bare MB, q2c", "q2c", "about 565.6 MB", 1.0, route="auto"),
    Fresh("bare GB", "q2c", "0.566 GB", 1.0, route="auto"),
    Fresh("binary", "q2c", "539.4 MiB", 1.0, route="auto"),
    Fresh("with gradients", "q2c", "526 MB + 36 MB + 3.6136 MB + 3.6136 MB (gradients) = 569.2 MB", 1.0, route="auto"),
    Fresh(
        "no parameters",
        "q2c",
        "50 * 10.52 MB = 526 MB of feature maps plus 50 * 0.72 MB = 36 MB of images makes 562 MB",
        0.80,
        "leaves-out-parameters-in-training",
        "auto",
    ),
    Fresh("maps only", "q2c", "All layers: 10.52 MB per image, times 50 = 526 MB", 0.40, "feature-maps-only", "auto"),
    Fresh("prediction times batch", "q2c", "12.6 MB * 50 = 630 MB", 0.25, "prediction-times-batch", "auto"),
    Fresh("weights times batch", "q2c", "3.6136 * 50 = 180.68 MB", 0.0, "parameters-times-batch", "auto"),
    Fresh(
        "own sizes carried",
        "q2c",
        "(6 + 3 + 1.48) * 50 = 524 MB, images 36 MB, parameters 3.6 MB, all together 563.6 MB",
        0.8,
        "floor-instead-of-ceil",
        "",
        within=0.25,
    ),
    Fresh(
        "gigabits, confused",
        "q2c",
        "50*(1500000+750000+380000)*32 = 4208000000 bits = 526 MB; + 50*180000*32 bits = 36 MB; + 28908800 bits = 3.6 MB -> 565.6 MB",
        1.0,
        route="auto",
    ),
    # --- another variant -----------------------------------------------------------------------------------------
    Fresh(
        "variant, right",
        "q2a",
        "(5*5*3+1)*60 = 4560, (5*5*60+1)*150 = 225150, (5*5*150+1)*300 = 1125300, total 1355010",
        1.0,
        route="auto",
        variant={"maps1": 60, "maps2": 150, "maps3": 300, "kernel": 5},
    ),
    Fresh(
        "variant, biases forgotten",
        "q2a",
        "1,354,500",
        0.70,
        "forgets-biases",
        "auto",
        variant={"maps1": 60, "maps2": 150, "maps3": 300, "kernel": 5},
    ),
    # --- stranger formats ----------------------------------------------------------------------------------------
    Fresh("thousands by k", "q2a", "2.8k + 180.2k + 720.4k = 903.4k", 1.0, route="auto"),
    Fresh("rounded so far that the biases vanish", "q2a", "about 903k", 0.7, route="review", within=0.4),
    Fresh(
        "markdown table",
        "q2a",
        "| layer | weights | biases | sum |\n|---|---|---|---|\n| 1 | 2,700 | 100 | 2,800 |\n| 2 | 180,000 | 200 | 180,200 |\n"
        "| 3 | 720,000 | 400 | 720,400 |\n| **total** | | | **903,400** |",
        1.0,
        route="auto",
    ),
    Fresh(
        "one number a line",
        "q2a",
        "2800\n+\n180200\n+\n720400\n=\n903400",
        1.0,
        route="auto",
    ),
    Fresh(
        "answer first",
        "q2a",
        "903,400, namely 2,800 in the first, 180,200 in the second and 720,400 in the third layer.",
        1.0,
        route="auto",
    ),
    Fresh(
        "wrong depth in layer 3 only",
        "q2a",
        "(27+1)*100 = 2800, (900+1)*200 = 180200, (900+1)*400 = 360400; total 543400",
        0.6,
        route="auto",
        within=0.2,
    ),
    Fresh("only the last layer", "q2a", "(3*3*200+1)*400 = 720,400", 0.35, route="auto", within=0.2),
    Fresh(
        "five by five kernel by mistake",
        "q2a",
        "(5*5*3+1)*100 = 7600\n(5*5*100+1)*200 = 500200\n(5*5*200+1)*400 = 2000400\nTotal 2508200",
        0.6,
        within=0.35,
    ),
    Fresh("both units equal", "q2b", "12,613,600 B = 12.6 MB = 12.03 MiB", 1.0, route="auto"),
    Fresh("small letters", "q2b", "12.6 mb", 1.0, route="auto"),
    Fresh("no unit", "q2b", "12.6", 1.0, route="auto"),
    Fresh("a unit a thousand times too large", "q2b", "12.6 GB", 0.5, within=0.5),
    Fresh(
        "parameters in MiB, maps in MB",
        "q2b",
        "Two layers: 6 MB + 3 MB = 9 MB. Parameters: 903400*4/1024/1024 = 3.45 MB. Together 12.45 MB",
        1.0,
        route="auto",
    ),
    Fresh(
        "rows halved, columns floored",
        "q2b",
        "Sizes 100x150, 50x75, 25x37. Memory 4*100*150*100 = 6 MB, 4*50*75*200 = 3 MB, 4*25*37*400 = 1.48 MB; parameters 3.61 MB;"
        " all of it 14.09 MB",
        0.5,
        "floor-instead-of-ceil",
        within=0.15,
    ),
    Fresh(
        "stride forgotten",
        "q2b",
        "200*300*100*4 = 24 MB, 200*300*200*4 = 48 MB, 200*300*400*4 = 96 MB; two layers 48+96 = 144 MB",
        0.5,
        "stride-ignored",
        within=0.2,
    ),
    Fresh(
        "image and first layer",
        "q2b",
        "The input takes 720,000 bytes and the first layer 6,000,000 bytes: 6.72 MB",
        0.3,
        "image-and-first-layer",
        within=0.2,
    ),
    Fresh(
        "answer then aside",
        "q2b",
        "So at least 12.6 MB of RAM is required. (Without the parameters it would be 9 MB.)",
        1.0,
        route="auto",
    ),
    Fresh("contradiction in prose", "q2b", "The answer is 12.6 MB. No wait, the answer is 14.1 MB.", 0.5, within=0.3),
    Fresh(
        "all the candidates",
        "q2b",
        "9 MB, 9.72 MB, 10.5 MB, 12.6 MB, 13.3 MB, 14.1 MB, 17.8 MB",
        0.0,
        route="review",
        within=0.6,
    ),
    Fresh(
        "training with words only on maps",
        "q2c",
        "For backprop all activations of all layers have to be kept for the 50 images, plus the weights, 3.6 MB.",
        0.4,
        within=0.2,
    ),
    Fresh(
        "whole sum times fifty",
        "q2c",
        "(10.52 + 3.61) MB * 50 = 706.7 MB",
        0.5,
        "everything-times-batch",
        "auto",
        within=0.2,
    ),
    Fresh(
        "batch sum with an arithmetic slip",
        "q2c",
        "50 x 10,520,000 = 526,000,000 bytes; 50 x 720,000 = 36,000,000 bytes; parameters 3,613,600 bytes. In total 575,613,600 bytes.",
        0.8,
        route="auto",
    ),
    Fresh(
        "from own prediction",
        "q2c",
        "We computed 14.13 MB for one image; with 50 images 50 * 10.52 = 526 MB for maps plus 3.6 MB = 529.6 MB",
        0.6,
        "leaves-out-images",
        "auto",
        {"q2b": "10.52 MB + 3.61 MB = 14.13 MB"},
    ),
    Fresh(
        "carried wrong parameters",
        "q2c",
        "526 MB + 36 MB + 19,600*4 bytes (0.08 MB) = 562.08 MB",
        1.0,
        "",
        "",
        {"q2a": "28*700 = 19,600 parameters"},
        within=0.25,
    ),
]
