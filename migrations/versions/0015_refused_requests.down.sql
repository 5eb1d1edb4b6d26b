drop table platform.refused_requests;
