-- What a new database server needs before `carillon db upgrade`: its owner, and how PgBouncer knows logins. psql runs it once.
\set ON_ERROR_STOP on
\getenv database_password DATABASE_PASSWORD
\getenv pooler_password POOLER_PASSWORD
set password_encryption = 'scram-sha-256';
create role carillon login createrole password :'database_password';
create role pooler login password :'pooler_password';
create database carillon owner carillon;
\connect carillon
create schema pooler;
create function pooler.lookup(who text) returns table (name text, verifier text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select a.rolname::text, a.rolpassword
    from pg_authid a
    where a.rolname = who and a.rolcanlogin and not a.rolsuper and not a.rolreplication
      and (a.rolvaliduntil is null or a.rolvaliduntil > now())
$$;
revoke execute on function pooler.lookup(text) from public;
grant usage on schema pooler to pooler;
grant execute on function pooler.lookup(text) to pooler;
