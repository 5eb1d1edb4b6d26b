-- When the secret of a bot's webhook was last changed (webhook_version was counted up, or this release registered it for
-- the first time), and the fingerprint of the key in SECRETS_KEY that it was derived from. Both are null until
-- `carillon bots set-webhook` is run again: the secret of an earlier release is accepted until then. Code that does not
-- know the columns goes on with the version alone.
alter table platform.bots
    add column webhook_rotated_at timestamptz,
    add column webhook_key_id bytea;
