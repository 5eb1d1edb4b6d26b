revoke select (attempts) on dashboard.bookings from authenticated;
drop function dashboard.session_money(uuid, timestamptz, timestamptz);
drop function dashboard.dialogs(uuid, timestamptz[], timestamptz[]);
drop table dashboard.wishlist_marks;
