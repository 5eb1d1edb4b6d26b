-- name: find
select s.id, s.user_id, s.track_id, k.slug as track_slug, s.active_tab, s.sidebar_visible, s.created_at,
       u.created_at >= date_trunc('day', now(), 'UTC') as is_of_new_device,
       coalesce((select jsonb_object_agg(t.tab, t.id) from learning.chat_threads t where t.session_id = s.id), '{}')
           as threads
from learning.track_sessions s
join learning.users u on u.id = s.user_id
join learning.tracks k on k.id = s.track_id
where s.id = %(session)s::uuid and u.client_id = %(client)s::bigint
  and (%(device)s::text is null or u.device_id = %(device)s::text);
