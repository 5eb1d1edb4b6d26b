-- name: is_usable
select exists (
    select from dashboard.sign_in_links k
    join dashboard.users u on u.id = k.user_id
    where k.token_hash = %(token_hash)s::bytea and k.used_at is null and k.expires_at > now() and u.active) as usable;

-- name: use
-- Of two who press at once, the second finds it used.
update dashboard.sign_in_links k
set used_at = now()
from dashboard.users u
where k.token_hash = %(token_hash)s::bytea and k.used_at is null and k.expires_at > now()
  and u.id = k.user_id and u.active
returning u.id, u.tenant_id;
