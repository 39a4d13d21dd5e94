"""Users of a sandbox with ZooKeeper: their SCRAM credentials are written once the brokers run (KIP-554)."""

from collections.abc import Mapping

from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.sandbox.broker import HOST


def write(port: int, users: Mapping[str, str]) -> None:
    """Give each user (name: password) both SCRAM mechanisms, over the PLAINTEXT listener at `port`.

    One mechanism in a request: Kafka refuses one that names a user twice. KafkaGitopsError holds the broker's words.
    """
    from kafka.admin import KafkaAdminClient, ScramMechanism, UserScramCredentialUpsertion

    admin = KafkaAdminClient(bootstrap_servers=[f"{HOST}:{port}"])
    try:
        for mechanism in (ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512):
            wanted = [UserScramCredentialUpsertion(name, mechanism, word) for name, word in users.items()]
            refused = {name: why for name, why in admin.alter_user_scram_credentials(wanted).items() if why}
            if refused:
                name, why = next(iter(refused.items()))
                raise KafkaGitopsError(f"The sandbox user {name} could not be made: {why}")
    finally:
        admin.close()
