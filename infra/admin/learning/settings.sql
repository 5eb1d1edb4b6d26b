-- name: write
-- What is null stays as it is, but a budget can be taken away: then it becomes null.
update learning.clients
set daily_tokens = case when %(is_budget_given)s::boolean then %(daily_tokens)s::bigint else daily_tokens end,
    is_public = coalesce(%(public)s::boolean, is_public),
    is_active = coalesce(%(active)s::boolean, is_active)
where id = %(client)s::bigint
returning name, is_public as public, is_active as active, daily_tokens;
