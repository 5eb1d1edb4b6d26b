-- name: read
select s.timezone, s.digest_hour, s.language, s.low_conversion::float8 as low_conversion,
       s.high_drop_off::float8 as high_drop_off, s.error_spike::float8 as error_spike, s.stale_hours, s.minimum_sample,
       s.quiet_from, s.quiet_until
from dashboard.tenant_settings s
where s.tenant_id = %(tenant)s::uuid;
