drop table platform.run_reports;
