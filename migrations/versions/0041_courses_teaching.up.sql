-- Staff: what is taught, handed out and handed in.
select 1;
