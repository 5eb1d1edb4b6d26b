-- name: save
-- All or nothing, in one trip: the messages, and under the key the answer that reports them. Nothing where the key is not
-- ours any more. First the key, then the thread, as everybody does; a thread that somebody deletes at this moment is either
-- still there for all of the messages, or gone.
with claim as (
    select client_id, key
    from learning.idempotency_keys
    where client_id = %(client)s::bigint and key = %(key)s::text and attempt = %(attempt)s::uuid and answer is null
    for update
), ours as (
    select where %(key)s::text is null or exists (select from claim)
), thread as (
    select t.id
    from ours cross join learning.chat_threads t
    where t.id = %(thread)s::uuid
    for no key update of t
), new as (
    select m.id, m.role, m.content, m.meta, m.place
    from rows from (
        jsonb_to_recordset(%(messages)s::jsonb) as (id uuid, role learning.message_role, content text, meta jsonb)
    ) with ordinality as m (id, role, content, meta, place)
), stored as (
    insert into learning.chat_messages (id, thread_id, role, content, meta_json)
    select new.id, thread.id, new.role, new.content, new.meta
    from thread cross join new
    order by new.place
    returning id
), answered as (
    update learning.idempotency_keys k
    set answer = case when exists (select from stored) then %(applied)s::json else %(not_applied)s::json end
    from claim
    where k.client_id = claim.client_id and k.key = claim.key
)
select exists (select from ours) as is_ours, exists (select from stored) as is_stored;
