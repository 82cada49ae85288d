"""Document factory: made-up disclosures in many layouts, printed by real layout engines, with their truth.

``produce`` writes documents and their annotations into a folder; the same seed gives the same truth. See
docs/factory.md.
"""
