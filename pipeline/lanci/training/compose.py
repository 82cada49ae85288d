"""The examples that models are fitted on: fragments of documents, made-up forms and titles, and variants of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from lanci.annotation import AnnotatedDocument
from lanci.facets import FacetValues
from lanci.training.augment import examples_to_alphabet, vary
from lanci.training.augment_context import vary_company
from lanci.training.composed_titles import compose_titles, put_over_grids
from lanci.training.examples import Example, documents_to_examples
from lanci.training.material import Material
from lanci.training.synthesis import TitledFacets, forms_to_examples, titles_to_examples

_LAYOUT_SEED, _TITLE_SEED, _COMPANY_SEED, _COMPOSED_SEED, _VARIANT_SEED = 1, 3, 7, 11, 1000

MADE_VARIANTS = 3
"""How many variants of a made-up document's fragment are drawn: there are many such fragments, much alike."""

MADE_COMPANY = 1
"""How many variants of what stands around such a fragment are drawn."""


@dataclass(frozen=True, slots=True)
class Stock:
    """All examples there are before any is held out or varied.

    Attributes:
        real: fragments of annotated and corrected documents.
        made: fragments of made-up documents of the fitted families.
        forms: made-up forms, the fragments of one together.
        titles: printed titles with their facets.
        composed: titles put together from their parts.
        alphabet: the characters that garbling puts in.
        contents: the lines of the contents page of each document that has one, by document id.
    """

    real: tuple[Example, ...]
    made: tuple[Example, ...]
    forms: tuple[tuple[Example, ...], ...]
    titles: tuple[TitledFacets, ...]
    composed: tuple[TitledFacets, ...]
    alphabet: str
    contents: dict[str, tuple[str, ...]]


def material_to_stock(material: Material) -> Stock:
    """The examples of all training documents, with their weights, and the made-up forms."""
    real = _weigh(material.real, material)
    return Stock(
        real=tuple(real),
        made=tuple(_weigh(material.made, material)),
        forms=tuple(tuple(form) for form in forms_to_examples(_LAYOUT_SEED)),
        titles=material.titles,
        composed=tuple(compose_titles(_COMPOSED_SEED)),
        alphabet=examples_to_alphabet(real),
        contents=find_contents((*material.real, *material.made)),
    )


def find_contents(documents: Sequence[AnnotatedDocument]) -> dict[str, tuple[str, ...]]:
    """The lines of the contents page of every document that has one, by document id."""
    lines = {d.id: tuple(line.text for line in d.narrative if line.kind == "contents") for d in documents}
    return {name: found for name, found in lines.items() if found}


def _weigh(documents: Sequence[AnnotatedDocument], material: Material) -> list[Example]:
    weights = material.weights
    return [replace(e, weight=e.weight * weights[e.group]) for e in documents_to_examples(documents)]


def select_stock(stock: Stock, keep: Callable[[str], bool], forms: Callable[[int], bool]) -> Stock:
    """The stock with the documents whose id is to be kept, and the forms and titles whose number is."""
    return replace(
        stock,
        real=tuple(example for example in stock.real if keep(example.group)),
        made=tuple(example for example in stock.made if keep(example.group)),
        forms=tuple(form for i, form in enumerate(stock.forms) if forms(i)),
        titles=tuple(title for i, title in enumerate(stock.titles) if forms(i)),
    )


def without_facets(stock: Stock, unwanted: frozenset[FacetValues]) -> Stock:
    """The stock without any table of these combinations of facets."""

    def keep(example: Example) -> bool:
        return example.truth.facets not in unwanted

    return replace(
        stock,
        real=tuple(filter(keep, stock.real)),
        made=tuple(filter(keep, stock.made)),
        forms=tuple(form for form in stock.forms if all(map(keep, form))),
        titles=tuple(title for title in stock.titles if title.facets not in unwanted),
        composed=tuple(title for title in stock.composed if title.facets not in unwanted),
    )


def stock_to_examples(stock: Stock) -> list[Example]:
    """Everything that models are fitted on: the stock, its variants, and its titles over nothing.

    Of a made-up document's fragment a few variants are drawn, of all others every one is taken.
    """
    forms = [example for form in stock.forms for example in form]
    base = [*stock.real, *forms]
    variants = [v for i, e in enumerate(base) for v in vary(e, stock.alphabet, _VARIANT_SEED + i)]
    made = [v for i, e in enumerate(stock.made) for v in _draw_variants(e, stock.alphabet, i)]
    company = [*vary_company(base, _COMPANY_SEED), *vary_company(stock.made, _COMPANY_SEED, MADE_COMPANY)]
    titles = titles_to_examples(stock.titles, stock.real, _TITLE_SEED)
    composed = put_over_grids(stock.composed, [*base, *stock.made], _COMPOSED_SEED)
    return [*base, *stock.made, *variants, *made, *company, *titles, *composed]


def _draw_variants(example: Example, alphabet: str, number: int) -> list[Example]:
    rng = random.Random(number)  # noqa: S311 - reproducible variety, not secrecy
    variants = vary(example, alphabet, _VARIANT_SEED + number)
    drawn = sorted(rng.sample(range(len(variants)), min(MADE_VARIANTS, len(variants))))
    return [variants[i] for i in drawn]


def titles_alone(titles: Sequence[TitledFacets], stock: Stock) -> list[Example]:
    """The titles with nothing under them, as tables of a group of their own."""
    examples = titles_to_examples(titles, stock.real, _TITLE_SEED)
    return regroup([example for example in examples if example.fragment.n_rows == 0], "titles")


def regroup(examples: Sequence[Example], group: str) -> list[Example]:
    """The examples as documents of their own, so that none is the neighbour of another."""
    return [replace(example, group=f"{group}-{i:03d}", table=f"{i:03d}") for i, example in enumerate(examples)]
