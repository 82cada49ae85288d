"""The views of the database: the questions that researchers ask first, each with what it leaves out.

A document prints the same amount in several tables, and an entity may come in several documents. A view that tells one
figure for an entity takes the best place that prints it; where the places of that rank print different figures it
tells none (NULL) and how many there are. Nothing is chosen silently.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """A view: its name, a line of what it tells, and its query."""

    name: str
    description: str
    query: str


_CURRENT = View(
    "current_amounts",
    "records that are money of the budget year itself: no year before, change, share or price per piece; `who` is the "
    "entity, or the file and its content where the entity or its place is not known: a name alone may be of several",
    """
SELECT *, CASE WHEN entity <> '' AND division_code <> '' THEN entity ELSE file || ' ' || left(document, 8) END AS who
FROM records
WHERE yuan IS NOT NULL AND (year IS NULL OR year = budget_year)
  AND NOT list_has_any(
    list_append(string_split(measure_groups, ' / '), measure),
    ['prior_year', 'change', 'change_rate', 'share', 'quantity', 'unit_price']
  )
""",
)

_ENTITY_TOTALS = View(
    "entity_totals",
    "total expenditure of each entity and budget year, from its 支出总表, else from 支出总计 in its 收支总表; `yuan` "
    "is NULL where the places of that rank differ",
    """
WITH printed AS (
  SELECT province, division_code, who, budget_year, document, "table", "row", col, yuan, status,
    CASE WHEN type = 'expenditure_summary' THEN 1 WHEN type = 'budget_summary' AND direction = 'expenditure' THEN 2 END
      AS rank
  FROM current_amounts WHERE row_role = 'total' AND measure = 'total' AND measure_groups = ''
), best AS (
  SELECT * FROM printed WHERE rank IS NOT NULL
  QUALIFY rank = min(rank) OVER (PARTITION BY province, division_code, who, budget_year)
)
SELECT province, division_code, who, budget_year, count(DISTINCT yuan) AS n_figures,
  CASE WHEN count(DISTINCT yuan) = 1 THEN min(yuan) END AS yuan,
  bool_and(coalesce(status = 'proven', false)) AS proven,
  count(DISTINCT document) AS n_documents, min(document) AS document,
  arg_min("table", (document, "table")) AS "table"
FROM best GROUP BY province, division_code, who, budget_year
""",
)

_BY_PROVINCE = View(
    "totals_by_province",
    "total expenditure by province and budget year, with how much of it is unproven and how many entities are left "
    "out; a government's own total and those of its departments both count where both are in the store",
    """
SELECT budget_year, province, count(yuan) AS n_entities, sum(yuan) AS yuan,
  coalesce(sum(yuan) FILTER (WHERE NOT proven), 0) AS unproven_yuan, count(*) - count(yuan) AS n_left_out
FROM entity_totals GROUP BY budget_year, province
""",
)

_BY_CODE = View(
    "amounts_by_code",
    "expenditure of each entity, budget year and subject code, from the widest fund that prints the code; rows of one "
    "table with the same code are added up; `yuan` is NULL where tables of that fund differ",
    """
WITH sums AS (
  SELECT province, division_code, who, budget_year, code_classification, code,
    any_value(name ORDER BY "row") AS name, document, "table", fund,
    sum(yuan) AS yuan, bool_and(coalesce(status = 'proven', false)) AS proven
  FROM current_amounts
  WHERE kind = 'expenditure' AND scope = 'all' AND row_role = 'detail' AND code <> ''
    AND measure = 'total' AND measure_groups = ''
  GROUP BY ALL
), best AS (
  SELECT *, CASE fund WHEN 'all' THEN 1 WHEN 'fiscal_appropriation' THEN 2 WHEN 'general_public' THEN 3 ELSE 4 END
    AS rank
  FROM sums
  QUALIFY rank = min(rank) OVER (PARTITION BY province, division_code, who, budget_year, code_classification, code)
)
SELECT province, division_code, who, budget_year, code_classification, code, min(name) AS name, min(fund) AS fund,
  count(DISTINCT yuan) AS n_figures, CASE WHEN count(DISTINCT yuan) = 1 THEN min(yuan) END AS yuan,
  bool_and(proven) AS proven
FROM best GROUP BY province, division_code, who, budget_year, code_classification, code
""",
)

_YEAR_ON_YEAR = View(
    "year_on_year",
    "amounts_by_code beside the same entity's amount of the year before, from the documents of both years; only codes "
    "that both have, of the same fund",
    """
SELECT later.*, earlier.yuan AS previous_yuan, later.yuan - earlier.yuan AS change_yuan,
  CASE WHEN earlier.yuan <> 0 THEN CAST(later.yuan AS DOUBLE) / CAST(earlier.yuan AS DOUBLE) - 1 END AS change_rate
FROM amounts_by_code AS later JOIN amounts_by_code AS earlier
  ON later.province = earlier.province AND later.division_code = earlier.division_code AND later.who = earlier.who
  AND later.code_classification = earlier.code_classification AND later.code = earlier.code
  AND later.fund = earlier.fund AND later.budget_year = earlier.budget_year + 1
""",
)

_THREE_PUBLIC = View(
    "three_public_share",
    "“三公”经费 of each entity and budget year and their share of its total expenditure: from a column or row called "
    "so, else from the total of a table that has neither 会议费 nor 培训费; NULL where places differ",
    """
WITH amounts AS (
  SELECT province, division_code, who, budget_year, document, "table", yuan, measure, measure_groups, row_role, name,
    bool_or(name SIMILAR TO '.*(会议|培训).*' OR measure IN ('meetings', 'training'))
      OVER (PARTITION BY document, "table") AS has_more
  FROM current_amounts WHERE kind = 'three_public_expenses'
), ranked AS (
  SELECT *, CASE WHEN measure = 'three_public' AND row_role = 'total' THEN 1
    WHEN measure = 'three_public' THEN 2
    WHEN measure = 'total' AND measure_groups = '' AND name SIMILAR TO '.*三公.*' THEN 3
    WHEN measure = 'total' AND measure_groups = '' AND row_role = 'total' AND NOT has_more THEN 4 END AS rank
  FROM amounts
), best AS (
  SELECT * FROM ranked WHERE rank IS NOT NULL
  QUALIFY rank = min(rank) OVER (PARTITION BY province, division_code, who, budget_year)
), told AS (
  SELECT province, division_code, who, budget_year, count(DISTINCT yuan) AS n_figures,
    CASE WHEN count(DISTINCT yuan) = 1 THEN min(yuan) END AS three_public_yuan
  FROM best GROUP BY province, division_code, who, budget_year
)
SELECT told.*, total.yuan AS total_yuan,
  CASE WHEN total.yuan <> 0 THEN CAST(three_public_yuan AS DOUBLE) / CAST(total.yuan AS DOUBLE) END AS share
FROM told LEFT JOIN entity_totals AS total
  ON told.province = total.province AND told.division_code = total.division_code AND told.who = total.who
  AND told.budget_year IS NOT DISTINCT FROM total.budget_year
""",
)

_UNPROVEN = View(
    "unproven_amounts",
    "amounts of money that nothing proves, with their places: what to look at first when sorted by size",
    """
SELECT document, file, "table", title, "row", col, name, header, text, yuan, status, needs_review, confidence, page,
  x0, y0, x1, y1
FROM records WHERE yuan IS NOT NULL AND status IS DISTINCT FROM 'proven'
""",
)

_PLACES = View(
    "amount_places",
    "every amount with its file, page and box, the names by which the file came and what the findings say of it",
    """
SELECT record.document, record.file,
  (SELECT string_agg(path, '; ' ORDER BY path) FROM sources WHERE sources.document = record.document) AS paths,
  record."table", record.title, record."row", record.col, record.name, record.header, record.text, record.value,
  record.unit, record.yuan, record.status, record.proofs, record.page, record.x0, record.y0, record.x1, record.y1,
  (SELECT string_agg(finding.rule || ': ' || finding.message, '; ' ORDER BY finding.finding)
   FROM finding_places AS place JOIN findings AS finding USING (document, finding)
   WHERE place.document = record.document AND place."table" = record."table"
     AND place."row" = record."row" AND place.col = record.col) AS findings
FROM records AS record
""",
)

VIEWS = (_CURRENT, _ENTITY_TOTALS, _BY_PROVINCE, _BY_CODE, _YEAR_ON_YEAR, _THREE_PUBLIC, _UNPROVEN, _PLACES)
"""Each after those that it needs."""
