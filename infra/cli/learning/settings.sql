-- name: write
-- What is null stays; a budget is null, too, where there is none.
update learning.clients
set daily_tokens = case when %(limits)s::boolean then %(daily_tokens)s::bigint else daily_tokens end,
    is_public = coalesce(%(public)s::boolean, is_public),
    is_active = coalesce(%(active)s::boolean, is_active)
where id = %(client)s::bigint
returning name, is_public as public, is_active as active, daily_tokens;
