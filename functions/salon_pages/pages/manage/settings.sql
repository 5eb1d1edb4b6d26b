-- name: ensure
insert into dashboard.tenant_settings (tenant_id) values (%(tenant)s::uuid) on conflict do nothing;

-- name: lock
select s.timezone, s.digest_hour, s.language, s.low_conversion::float8 as low_conversion,
       s.high_drop_off::float8 as high_drop_off, s.error_spike::float8 as error_spike, s.stale_hours, s.minimum_sample,
       s.quiet_from, s.quiet_until
from dashboard.tenant_settings s
where s.tenant_id = %(tenant)s::uuid
for update;

-- name: write
update dashboard.tenant_settings
set timezone = %(timezone)s::text, digest_hour = %(digest_hour)s::int, language = %(language)s::text,
    low_conversion = %(low_conversion)s::numeric, high_drop_off = %(high_drop_off)s::numeric,
    error_spike = %(error_spike)s::numeric, stale_hours = %(stale_hours)s::int, minimum_sample = %(minimum_sample)s::int,
    quiet_from = %(quiet_from)s::int, quiet_until = %(quiet_until)s::int, updated_at = now()
where tenant_id = %(tenant)s::uuid;
