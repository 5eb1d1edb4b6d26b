-- name: delete_rows
-- An entry has several rows, a line each.
with rows as materialized (
    select q.id, l.line, l.number,
           exists (select from unnest(%(tables)s::text[], %(patterns)s::text[]) t (name, pattern)
                   where t.name = q.table_name and l.line ~* t.pattern) as is_theirs
    from platform.archive_queue q
    cross join string_to_table(q.lines, e'\n') with ordinality l (line, number)
    where q.table_name = any(%(tables)s::text[])
), entries as materialized (
    select id, string_agg(line, e'\n' order by number) filter (where not is_theirs) as lines,
           count(*) filter (where is_theirs) as theirs
    from rows group by id having bool_or(is_theirs)
), gone as (
    delete from platform.archive_queue q using entries e where q.id = e.id and e.lines is null
), kept as (
    update platform.archive_queue q set lines = e.lines from entries e where q.id = e.id and e.lines is not null
)
select coalesce(sum(theirs), 0) as rows from entries;
