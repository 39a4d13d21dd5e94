"""Rules about what cannot be read, or is read otherwise than it looks."""

from kafka_gitops.rules.contract import Page
from kafka_gitops.rules.reading import (
    artefact_not_found,
    artefact_syntax,
    context_conflict,
    duplicate_key,
    file_encoding,
    file_not_found,
    hidden_text,
    ignored_input,
    missing_key,
    not_managed,
    nothing_declared,
    second_document,
    segment_suspicious,
    segment_unusual,
    unknown_key,
    unquoted_oddity,
    wrong_type,
    yaml_syntax,
)

READING: tuple[Page, ...] = (
    yaml_syntax,
    hidden_text,
    file_encoding,
    duplicate_key,
    unknown_key,
    wrong_type,
    missing_key,
    unquoted_oddity,
    ignored_input,
    not_managed,
    second_document,
    nothing_declared,
    file_not_found,
    artefact_not_found,
    artefact_syntax,
    context_conflict,
    segment_suspicious,
    segment_unusual,
)
