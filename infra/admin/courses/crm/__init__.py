"""Taking over a crm.db: a copy is read table by table, each row becomes values of ours or a rejection with a reason.

Reading knows no database of ours (`values`, `row`, `tables`); only `store` does.
"""
