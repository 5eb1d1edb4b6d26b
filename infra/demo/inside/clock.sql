-- name: columns
-- A cron's positions and the versions of the schema are no times of anybody's.
select c.table_schema as schema, c.table_name as table, c.column_name as column, c.data_type as type
from information_schema.columns c
join information_schema.tables t using (table_schema, table_name)
where t.table_type = 'BASE TABLE' and c.is_generated = 'NEVER' and c.data_type in ('date', 'timestamp with time zone')
  and c.table_schema in ('platform', 'getcourse', 'support', 'learning', 'courses', 'dashboard', 'public')
order by 1, 2, c.data_type = 'date' desc, c.column_name = 'valid_from' desc, c.ordinal_position;
