-- name: ensure
insert into dashboard.tenant_settings (tenant_id) values (%(tenant)s::uuid) on conflict do nothing;

-- name: read
select k.tenant_id, k.bot_id, b.name as bot, k.chat_id, k.timezone, k.digest_hour, k.language, k.low_conversion::float8 as low_conversion,
       k.high_drop_off::float8 as high_drop_off, k.error_spike::float8 as error_spike, k.stale_hours, k.minimum_sample,
       k.quiet_from, k.quiet_until
from dashboard.tenant_settings k
left join platform.bots b on b.id = k.bot_id
where k.tenant_id = %(tenant)s::uuid
for update of k;

-- name: write
update dashboard.tenant_settings k
set bot_id = coalesce(%(bot_id)s::bigint, k.bot_id), chat_id = coalesce(%(chat_id)s::bigint, k.chat_id),
    timezone = coalesce(%(timezone)s::text, k.timezone), digest_hour = coalesce(%(digest_hour)s::int, k.digest_hour),
    language = coalesce(%(language)s::text, k.language),
    low_conversion = coalesce(%(low_conversion)s::numeric, k.low_conversion),
    high_drop_off = coalesce(%(high_drop_off)s::numeric, k.high_drop_off),
    error_spike = coalesce(%(error_spike)s::numeric, k.error_spike),
    stale_hours = coalesce(%(stale_hours)s::int, k.stale_hours),
    minimum_sample = coalesce(%(minimum_sample)s::int, k.minimum_sample),
    quiet_from = coalesce(%(quiet_from)s::int, k.quiet_from), quiet_until = coalesce(%(quiet_until)s::int, k.quiet_until),
    updated_at = now()
where k.tenant_id = %(tenant)s::uuid;

-- name: bot
select b.id, b.system, b.channel from platform.bots b where b.name = %(name)s::text;
