-- name: lock
-- One at a time numbers versions, and compares a file with what is there.
select pg_advisory_xact_lock(hashtext('carillon.learning'));

-- name: track
select id from learning.tracks where slug = %(slug)s::text;

-- name: slugs
select slug from learning.tracks order by slug;

-- name: active
select version, content, variables_json as variables, created_at
from learning.chat_templates
where scope = %(scope)s::learning.template_scope and track_id is not distinct from %(track)s::uuid
  and tab is not distinct from %(tab)s::learning.chat_tab and is_active
order by version desc
limit 1;

-- name: deactivate
update learning.chat_templates
set is_active = false
where scope = %(scope)s::learning.template_scope and track_id is not distinct from %(track)s::uuid
  and tab is not distinct from %(tab)s::learning.chat_tab and is_active
returning id;

-- name: add
insert into learning.chat_templates (scope, track_id, tab, version, content, variables_json)
select %(scope)s::learning.template_scope, %(track)s::uuid, %(tab)s::learning.chat_tab, coalesce(max(t.version), 0) + 1,
       %(content)s::text, %(variables)s::jsonb
from learning.chat_templates t
where t.scope = %(scope)s::learning.template_scope and t.track_id is not distinct from %(track)s::uuid
  and t.tab is not distinct from %(tab)s::learning.chat_tab
returning version;
