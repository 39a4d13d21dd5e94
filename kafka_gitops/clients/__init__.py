"""The edges: connections to Kafka and to the REST services around it."""
