"""Names of LaTeX commands and what is drawn for them."""

from __future__ import annotations

from typing import Dict, Mapping

from content.documents.formula_nodes import Symbol

_OPERATORS = {
    "cdot": "·", "times": "×", "div": "÷", "pm": "±", "mp": "∓", "ast": "∗", "cap": "∩", "cup": "∪",
    "setminus": "∖", "circ": "∘", "sum": "∑", "prod": "∏", "int": "∫",
}  # fmt: skip
_RELATIONS = {
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈",
    "equiv": "≡", "sim": "∼", "lt": "<", "gt": ">", "in": "∈", "notin": "∉", "subset": "⊂",
    "subseteq": "⊆",
    "parallel": "∥", "perp": "⊥", "to": "→", "rightarrow": "→", "leftarrow": "←", "mapsto": "↦",
    "Rightarrow": "⇒", "implies": "⇒", "Leftarrow": "⇐", "Leftrightarrow": "⇔", "iff": "⇔",
    "leftrightarrow": "↔", "mid": "∣",
}  # fmt: skip
_LETTERS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε",
    "zeta": "ζ", "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ",
    "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ",
    "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ",
    "Omega": "Ω", "infty": "∞", "emptyset": "∅", "varnothing": "∅", "angle": "∠", "triangle": "△",
    "degree": "°", "forall": "∀", "exists": "∃", "ell": "ℓ",
}  # fmt: skip
_PUNCTUATION = {
    "ldots": "…", "dots": "…", "cdots": "⋯", "colon": ":", "{": "{", "}": "}", "%": "%", "$": "$",
    "_": "_", "#": "#", "lvert": "|", "rvert": "|",
}  # fmt: skip


def _table() -> Dict[str, Symbol]:
    roles = (
        ("operator", _OPERATORS),
        ("relation", _RELATIONS),
        ("variable", _LETTERS),
        ("punctuation", _PUNCTUATION),
    )
    return {name: Symbol(drawn, role) for role, names in roles for name, drawn in names.items()}


SYMBOLS: Mapping[str, Symbol] = _table()
"""Command name, without the backslash, to what is drawn."""

FUNCTIONS = frozenset(
    (
        "sin", "cos", "tan", "cot", "tg", "ctg", "arcsin", "arccos", "arctan", "arctg",
        "log", "ln", "lg", "exp", "lim", "max", "min", "gcd", "lcm",
    )
)  # fmt: skip

SPACES_EM: Mapping[str, float] = {
    ",": 0.17, ":": 0.22, ";": 0.28, " ": 0.33, "!": -0.17, "quad": 1.0, "qquad": 2.0,
}  # fmt: skip

DELIMITERS: Mapping[str, str] = {
    "(": "(", ")": ")", "[": "[", "]": "]", "|": "|", "/": "/", ".": "", "<": "⟨", ">": "⟩",
    "\\{": "{", "\\}": "}", "\\langle": "⟨", "\\rangle": "⟩", "\\lvert": "|", "\\rvert": "|",
}  # fmt: skip

_OPERATOR_CHARACTERS = frozenset({*"+-*\u2212\u2213", *_OPERATORS.values()})
_RELATION_CHARACTERS = frozenset({*"=<>", *_RELATIONS.values()})


def is_operator(character: str) -> bool:
    """Whether the character itself is an operator."""
    return character in _OPERATOR_CHARACTERS


def is_relation(character: str) -> bool:
    """Whether the character itself is a relation or an arrow."""
    return character in _RELATION_CHARACTERS
