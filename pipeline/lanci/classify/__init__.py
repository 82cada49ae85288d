"""Stage ``classify``: what kind of table a fragment is, where its header ends, and the role of every part.

scikit-learn and skops are imported when the first fragment is labelled, not with this package.
"""

from lanci.classify.label import label_fragments
from lanci.classify.label_facets import combine_facets, name_facets
from lanci.classify.models import Models, load_models, models_version
from lanci.facets import facets_to_type

__all__ = [
    "Models",
    "combine_facets",
    "facets_to_type",
    "label_fragments",
    "load_models",
    "models_version",
    "name_facets",
]
