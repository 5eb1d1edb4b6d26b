-- name: load
-- One row: what a prompt is made of, in one trip. Templates come from the general to the particular: for all, for all in this
-- tab, for this track, for this track in this tab; of each the newest that is active. The memory are the newest messages
-- that fit together into its bound, counted as token_budget.estimate does; from the first that does not, nothing older.
select
    (
        select coalesce(json_agg(json_build_object(
            'id', t.id, 'version', t.version, 'content', t.content, 'variables', t.variables_json
        ) order by t.scope, t.tab nulls first), '[]')
        from (
            select distinct on (scope, tab) scope, tab, id, version, content, variables_json
            from learning.chat_templates
            where is_active
              and (scope = 'global' or (scope = 'track' and track_id = %(track)s::uuid))
              and (tab is null or tab = %(tab)s::learning.chat_tab)
            order by scope, tab nulls first, version desc
        ) t
    ) as templates,
    (
        select json_build_object(
            'track_title', k.title, 'track_description', k.description, 'track_goal', k.goal,
            'roadmap', coalesce((
                select string_agg(i.position || '. ' || i.title, E'\n' order by i.position)
                from learning.track_roadmap_items i
                where i.track_id = k.id
            ), '')
        )
        from learning.tracks k
        where k.id = %(track)s::uuid
    ) as track,
    (
        select coalesce(json_agg(json_build_object('role', m.role, 'content', m.content) order by m.seq), '[]')
        from (
            select seq, role, content, sum(octet_length(content) / 4 + 4) over (order by seq desc) as tokens
            from (
                select seq, role, content
                from learning.chat_messages
                where thread_id = %(thread)s::uuid
                order by seq desc
                limit %(messages)s::int
            ) newest
        ) m
        where m.tokens <= %(tokens)s::int
    ) as memory;
