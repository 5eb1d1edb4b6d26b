-- name: templates
-- From the general to the particular: for all, for all in this tab, for this track, for this track in this tab.
select distinct on (scope, tab) id, version, content, variables_json as variables
from learning.chat_templates
where is_active
  and (scope = 'global' or (scope = 'track' and track_id = %(track)s::uuid))
  and (tab is null or tab = %(tab)s::learning.chat_tab)
order by scope, tab nulls first, version desc;

-- name: track
select k.title as track_title, k.description as track_description, k.goal as track_goal,
       coalesce(string_agg(i.position || '. ' || i.title, E'\n' order by i.position), '') as roadmap
from learning.tracks k
left join learning.track_roadmap_items i on i.track_id = k.id
where k.id = %(track)s::uuid
group by k.id;

-- name: memory
-- The newest messages that fit together into the bound, counted as tokens.estimate does; from the first that does not,
-- nothing older.
select role, content
from (
    select seq, role, content, sum(octet_length(content) / 4 + 4) over (order by seq desc) as tokens
    from (
        select seq, role, content
        from learning.chat_messages
        where thread_id = %(thread)s::uuid
        order by seq desc
        limit %(messages)s::int
    ) newest
) counted
where tokens <= %(tokens)s::int
order by seq;
