revoke select (attempts) on dashboard.bookings from authenticated;
alter table dashboard.metrics_dailies drop answers, drop waited_ms;
drop function dashboard.session_money(uuid, timestamptz, timestamptz);
drop function dashboard.dialogs(uuid, timestamptz[], timestamptz[]);
drop table dashboard.wishlist_marks;
