-- name: redact
select r.walked, r.changed
from platform.redact_next(%(table)s::text, %(days)s::int, %(batch)s::int, %(dry_run)s::boolean) r;
