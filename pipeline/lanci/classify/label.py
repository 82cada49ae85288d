"""Label the fragments of a document: the roles of their parts first, then the kind of table."""

from __future__ import annotations

from collections.abc import Sequence

from lanci.classify.label_facets import Reading, label_facets, view_to_reading
from lanci.classify.label_roles import Roles, label_roles
from lanci.classify.models import Models, load_models
from lanci.classify.view import fragment_to_view
from lanci.document import Fragment, LabelledFragment

# Fragments whose roles are judged at once: enough to share the cost of asking a model, few enough that the features of
# a long document are never all in memory.
_BATCH = 64


def label_fragments(
    fragments: Sequence[Fragment], models: Models | None = None, contents: Sequence[str] = ()
) -> tuple[LabelledFragment, ...]:
    """Give every fragment its facets, row roles, header-cell roles and column roles.

    All fragments of a document should come in one call: each is judged with what stands around it, and a model is
    asked once for many of them.

    Args:
        fragments: of one document, in any order: their page and index say how they follow one another.
        models: from :func:`load_models`; the shipped ones when None.
        contents: the lines of the document's contents page, as printed.

    Returns:
        One labelled fragment each, in the same order.

    Raises:
        ModelError: the models cannot be loaded.
    """
    if not fragments:
        return ()
    models = models or load_models()
    roles: list[Roles] = []
    readings: list[Reading] = []
    for start in range(0, len(fragments), _BATCH):
        views = [fragment_to_view(fragment) for fragment in fragments[start : start + _BATCH]]
        found = label_roles(views, models)
        roles += found
        readings += [view_to_reading(view, r.rows[0], r.header_rows) for view, r in zip(views, found, strict=True)]
    facets = label_facets(readings, models, contents)
    return tuple(
        [
            LabelledFragment(
                fragment=fragment,
                facets=facets[i],
                n_header_rows=roles[i].rows[0],
                row_roles=roles[i].rows[1],
                header_roles=roles[i].header,
                column_roles=roles[i].columns,
            )
            for i, fragment in enumerate(fragments)
        ]
    )
