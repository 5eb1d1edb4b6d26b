-- name: become_reader
select set_config('request.jwt.claims', %(claims)s::text, true), set_config('transaction_read_only', 'on', true),
       set_config('role', 'authenticated', true);

-- name: become_changer
select set_config('request.jwt.claims', %(claims)s::text, true);
