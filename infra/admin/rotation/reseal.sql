-- name: see_every_row
-- In this transaction, a policy that would hide a row is an error.
select set_config('row_security', 'off', true);

-- name: find_bot_tokens
select id, name, token_sealed as sealed from platform.bots order by id;

-- name: store_bot_tokens
update platform.bots set token_sealed = %(sealed)s::bytea
where id = %(id)s::bigint and token_sealed = %(former)s::bytea;

-- name: find_signing_secrets
select id, name, signing_secret_sealed as sealed
from platform.webhook_sources
where signing_secret_sealed is not null
order by id;

-- name: store_signing_secrets
update platform.webhook_sources set signing_secret_sealed = %(sealed)s::bytea
where id = %(id)s::bigint and signing_secret_sealed = %(former)s::bytea;

-- name: find_tenant_secrets
select tenant_id || '|' || name as id, tenant_id as tenant, name, sealed from platform.tenant_secrets order by 1;

-- name: store_tenant_secrets
update platform.tenant_secrets set sealed = %(sealed)s::bytea
where tenant_id || '|' || name = %(id)s::text and sealed = %(former)s::bytea;
