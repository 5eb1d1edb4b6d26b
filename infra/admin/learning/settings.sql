-- name: write
-- What is null stays as it is, but a budget can be taken away: then it becomes null.
update learning.clients
set daily_tokens = case when %(is_budget_given)s::boolean then %(daily_tokens)s::bigint else daily_tokens end,
    is_public = coalesce(%(public)s::boolean, is_public),
    is_active = coalesce(%(active)s::boolean, is_active)
where id = %(client)s::bigint
returning name, is_public as public, is_active as active, daily_tokens;

-- name: keep_weak_devices
-- Ids that shared/learning/devices.py refuses, of devices that are there already.
update learning.users
set weak_until = now() + interval '30 days'
where client_id = %(client)s::bigint and weak_until is null
  and (device_id !~ '^[A-Za-z0-9_-]{22,}$'
       or (select count(distinct letter) from unnest(string_to_array(device_id, null)) letter) < 8);
