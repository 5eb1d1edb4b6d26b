-- name: deactivate
update support.prompts
set is_active = false
where client_id is not distinct from %(desk)s::uuid and name = %(name)s::text and is_active
returning id;

-- name: add
insert into support.prompts (client_id, name, text)
values (%(desk)s::uuid, %(name)s::text, %(text)s::text)
returning id;

-- name: active
-- The desk's own, else the one for all.
select client_id, text, created_at
from support.prompts
where name = %(name)s::text and is_active and (client_id is null or client_id = %(desk)s::uuid)
order by client_id nulls last
limit 1;
