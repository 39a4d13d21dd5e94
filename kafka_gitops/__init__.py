"""GitOps for Apache Kafka: topology files in git are linted, planned and applied to a cluster."""

__version__ = "0.1.0"
