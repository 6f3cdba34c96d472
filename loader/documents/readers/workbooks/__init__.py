"""Workbooks: Excel (xlsx, xls, the XML of 2003) and ODS, with what their number and conditional formats show."""
