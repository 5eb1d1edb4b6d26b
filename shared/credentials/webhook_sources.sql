-- name: find_by_provider
-- All sources of a provider with the hashes of the secrets that are valid now.
select s.id, s.name, s.field_map, s.timezone, s.bot_id, s.gateway, s.signing_secret_sealed,
       s.paused_at is not null as is_paused,
       coalesce(array_agg(k.secret_hash) filter (where k.secret_hash is not null), '{}') as secret_hashes
from platform.webhook_sources s
left join platform.source_secrets k
    on k.source_id = s.id and (k.valid_to is null or k.valid_to > (select clock_timestamp()))
where s.provider = %(provider)s::text
group by s.id;
