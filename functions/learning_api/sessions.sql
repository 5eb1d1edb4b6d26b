-- name: rename_device
-- One whose id could be guessed when that was not refused yet.
update learning.users u
set device_id = %(device)s::text, weak_until = null
where u.client_id = %(client)s::bigint and u.device_id = %(former)s::text and u.weak_until > now()
  and not exists (
      select from learning.users n where n.client_id = %(client)s::bigint and n.device_id = %(device)s::text);

-- name: find_device
select u.id, coalesce(u.weak_until > now(), false) as is_accepted,
       exists (
           select from learning.track_sessions s join learning.tracks k on k.id = s.track_id
           where s.user_id = u.id and k.slug = %(slug)s::text) as has_session
from learning.users u
where u.client_id = %(client)s::bigint and u.device_id = %(device)s::text;

-- name: add_user
-- Like the next two, waits for whoever adds the same at this moment, and then does nothing. A process that freezes before
-- its commit loses its locks after some seconds.
with timeout as materialized (select set_config('idle_in_transaction_session_timeout', '5s', true))
insert into learning.users (client_id, device_id)
select %(client)s::bigint, %(device)s::text from timeout
on conflict (client_id, device_id) do nothing;

-- name: add_session
insert into learning.track_sessions (user_id, track_id)
select u.id, k.id
from learning.users u cross join learning.tracks k
where u.client_id = %(client)s::bigint and u.device_id = %(device)s::text and k.slug = %(slug)s::text
on conflict (user_id, track_id) do nothing;

-- name: add_threads
insert into learning.chat_threads (session_id, tab)
select s.id, tab
from learning.track_sessions s
join learning.users u on u.id = s.user_id
join learning.tracks k on k.id = s.track_id
cross join unnest(enum_range(null::learning.chat_tab)) tab
where u.client_id = %(client)s::bigint and u.device_id = %(device)s::text and k.slug = %(slug)s::text
on conflict (session_id, tab) do nothing;

-- name: find
select s.id
from learning.track_sessions s
join learning.users u on u.id = s.user_id
join learning.tracks k on k.id = s.track_id
where u.client_id = %(client)s::bigint and u.device_id = %(device)s::text and k.slug = %(slug)s::text;

-- name: change
-- What changes nothing is not written.
with timeout as materialized (select set_config('idle_in_transaction_session_timeout', '5s', true))
update learning.track_sessions s
set active_tab = coalesce(%(tab)s::learning.chat_tab, s.active_tab),
    sidebar_visible = coalesce(%(sidebar)s::boolean, s.sidebar_visible)
from timeout
where s.id = %(session)s::uuid
  and (s.active_tab, s.sidebar_visible) is distinct from
      (coalesce(%(tab)s::learning.chat_tab, s.active_tab), coalesce(%(sidebar)s::boolean, s.sidebar_visible));
