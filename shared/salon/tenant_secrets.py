"""Secrets of salons that functions of ours need: sealed in platform.tenant_secrets, each for its salon and name."""

YCLIENTS_TOKEN = "yclients_token"  # noqa: S105 - its name, here and in the metadata that the salon's bot keeps


def associated_data(tenant: object, name: str) -> str:
    """What the sealed secret `name` of a salon (its id) is bound to."""
    return f"platform.tenant_secrets.sealed/{tenant}|{name}"
