"""LaTeX, Markdown, HTML and typographic signs written as plain `+ - * / ^ ( ) = ~`."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST_TEXT = 40_000

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
SIGNS = str.maketrans(
    {"×": "*", "·": "*", "⋅": "*", "∙": "*", "✕": "*", "∗": "*", "⨯": "*", "÷": "/", "−": "-", "–": "-", "—": ";"}
    | {"≈": "~", "≃": "~", "≅": "~", "≒": "~", "∼": "~", "’": "'", "ʼ": "'", "→": ";", "⇒": ";", "⟶": ";", "➔": ";"}
    | {"⌈": "(", "⌉": ")", "\t": " ", "\r": "\n"}
)
LATEX = (
    (r"\{,\}", ","),
    (r"\\(?:,|;|:|>|\s)", " "),
    (r"\\!", ""),
    (r"\\(?:times|cdot|ast)(?![A-Za-z])", "*"),
    (r"\\div(?![A-Za-z])", "/"),
    (r"\\(?:approx|simeq|cong|sim)(?![A-Za-z])", "~"),
    (r"\\q?quad(?![A-Za-z])", " "),
    (r"\\(?:rightarrow|Rightarrow|to|implies|Leftrightarrow|longrightarrow)(?![A-Za-z])", ";"),
    (r"\\(?:left|right|[bB]igg?[lr]?)(?=[\s()\[\]|.\\])", ""),
    (r"\\(?:text|mathrm|textbf|mathbf|textit|operatorname|boxed|rm|mathit|underline)\s*\{([^{}]{0,200})\}", r"\1"),
    (r"\\[lr](?:ceil|floor)(?![A-Za-z])", " "),
    (r"\^\s*\{\s*([^{}]{1,40}?)\s*\}", r"^\1"),
    (r"\\d?frac\s*\{([^{}]{0,200})\}\s*\{([^{}]{0,200})\}", r"((\1)/(\2))"),
    (r"\\\\", "\n"),
    (r"\\[#_%&$]", " "),
    (r"\\[A-Za-z]{1,30}", " "),
)
MARKUP = (
    (r"<\s*/?\s*(?:br|p|li|div|tr)\b[^<>]{0,80}>", "\n"),
    (r"</?[a-z][^<>]{0,80}>", " "),
    (r"&times;", "*"),
    (r"&(?:nbsp|thinsp);", " "),
    (r"&(?:asymp|approx);", "~"),
    (r"(?:=>|->)", ";"),
    (r"(?<=[\d)])\s?\*\*\s?(?=[\d(]{1,3}\b)(?!\d[\d,.]*\*\*)", "^"),
    (r"\*\*|`|__", ""),
    (r"//", "/"),
    (r"≥|≤|>=|<=", " "),
)


def plain(text: str) -> str:
    """The text with LaTeX, Markdown and typographic signs written as plain `+ - * / ^ ( ) = ~`.

    >>> plain(r"$12.6\\,\\text{MB} \\approx 3{,}150{,}000 \\times 4$").split()
    ['12.6', 'MB', '~', '3,150,000', '*', '4']
    """
    text = re.sub(r"(?<=\d)[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda raised: "^" + raised[0], text[:LONGEST_TEXT])
    text = text.translate(SUPERSCRIPTS).translate(SIGNS)
    if "\\" in text or "{" in text:
        for _ in range(4):  # fractions and text nest; four deep is deeper than any student
            text = _replace_all(LATEX, text)
        text = text.replace("{", " ").replace("}", " ").replace("\\", " ").replace("&", " ")
    return _replace_all(MARKUP, text).replace("$", " ")


def _replace_all(rules: Sequence[tuple[str, str]], text: str) -> str:
    for pattern, replacement in rules:
        text = re.sub(pattern, replacement, text)
    return text[: 2 * LONGEST_TEXT]
