"""Fills GetCourse's reference tables from CSV files: reading, checking, planning and applying are apart.

Reading and checking know no database; planning is pure; only `apply` writes.
"""
