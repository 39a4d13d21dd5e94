"""Rules about ACLs and principals."""

from kafka_gitops.rules.acl import (
    anyone,
    deny,
    foreign_topic,
    group_wildcard,
    host_form,
    idempotent,
    operation_broad,
    prefix_empty,
    prefix_too_wide,
    prefix_without_separator,
    principal_dn,
    principal_format,
    principal_prefix,
    redundant,
    resource_name,
    star_literal,
    still_given,
    too_many,
    unknown_topic,
    version,
    version_unused,
    wildcard_resource,
)
from kafka_gitops.rules.contract import Page, Rule

READING: tuple[Page, ...] = (
    too_many,
    still_given,
)
CHECKS: tuple[Rule, ...] = (
    principal_format,
    principal_dn,
    principal_prefix,
    anyone,
    resource_name,
    star_literal,
    host_form,
    version,
    version_unused,
    group_wildcard,
    wildcard_resource,
    prefix_empty,
    prefix_too_wide,
    prefix_without_separator,
    operation_broad,
    idempotent,
    redundant,
    deny,
    unknown_topic,
    foreign_topic,
)
