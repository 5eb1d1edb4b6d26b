-- name: customers
-- Whom the address leads to, and whom that one turned out to be, or was.
with recursive found as (
    select u.id, u.moved_to
    from support.users u
    where (%(desk)s::uuid is null or u.client_id = %(desk)s::uuid)
      and (u.remote_jid = %(address)s::text or exists (
          select from support.addresses a where a.user_id = u.id and a.address = %(address)s::text))
    union
    select u.id, u.moved_to
    from found f
    join support.users u on u.id = f.moved_to or u.moved_to = f.id
)
select id from found order by id;

-- name: lock
-- As everybody who changes a conversation does.
select c.id from support.conversations c where c.user_id = any(%(customers)s::uuid[]) order by c.id for update of c;

-- name: count
with talks as materialized (
    select c.id from support.conversations c where c.user_id = any(%(customers)s::uuid[])
)
select (select count(*) from support.users u where u.id = any(%(customers)s::uuid[])) as users,
       (select count(*) from support.addresses a where a.user_id = any(%(customers)s::uuid[])) as addresses,
       (select count(*) from talks) as conversations,
       (select count(*) from support.messages m join talks t on t.id = m.conversation_id) as messages,
       (select count(*) from support.handovers h join talks t on t.id = h.conversation_id) as handovers;

-- name: traces
with talks as materialized (
    select c.id from support.conversations c where c.user_id = any(%(customers)s::uuid[])
)
select array(select a.address from support.addresses a where a.user_id = any(%(customers)s::uuid[])
             union select u.remote_jid from support.users u where u.id = any(%(customers)s::uuid[])) as addresses,
       array(select h.id from support.handovers h join talks t on t.id = h.conversation_id) as handovers,
       array(select m.outbox_id from support.messages m join talks t on t.id = m.conversation_id
             where m.outbox_id is not null
             union select h.outbox_id from support.handovers h join talks t on t.id = h.conversation_id
             where h.outbox_id is not null) as messages;

-- name: delete
-- Everything else goes with them.
delete from support.users where id = any(%(customers)s::uuid[]);
