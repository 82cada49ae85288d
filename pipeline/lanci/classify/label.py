"""Label the fragments of a document: the roles of their parts first, then the kind of table."""

from __future__ import annotations

from collections.abc import Sequence

from lanci.classify.label_facets import label_facets
from lanci.classify.label_roles import label_roles
from lanci.classify.models import Models, load_models
from lanci.classify.view import fragment_to_view
from lanci.document import Fragment, LabelledFragment

# Fragments judged at once: enough to share the cost of asking a model, few enough that the features of a long
# document are never all in memory.
_BATCH = 64


def label_fragments(fragments: Sequence[Fragment], models: Models | None = None) -> tuple[LabelledFragment, ...]:
    """Give every fragment its facets, row roles, header-cell roles and column roles.

    All fragments of a document should come in one call: a model is asked once for many of them.

    Args:
        fragments: in any order; each is judged by itself.
        models: from :func:`load_models`; the shipped ones when None.

    Returns:
        One labelled fragment each, in the same order.

    Raises:
        ModelError: the models cannot be loaded.
    """
    if not fragments:
        return ()
    models = models or load_models()
    batches = [fragments[i : i + _BATCH] for i in range(0, len(fragments), _BATCH)]
    return tuple([labelled for batch in batches for labelled in _label_batch(batch, models)])


def _label_batch(fragments: Sequence[Fragment], models: Models) -> list[LabelledFragment]:
    views = [fragment_to_view(fragment) for fragment in fragments]
    roles = label_roles(views, models)
    facets = label_facets(views, [r.rows for r in roles], [r.header_rows for r in roles], models.facets)
    return [
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
