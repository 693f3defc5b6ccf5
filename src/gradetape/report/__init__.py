"""Judged reports in the forms people and programs read: pages, JSON, CSV and lines on a terminal."""

from gradetape.report.class_page import class_page
from gradetape.report.csv_scores import scores_csv
from gradetape.report.files import write_class, write_student
from gradetape.report.json_report import from_json, json_text, to_json
from gradetape.report.student_page import student_page
from gradetape.report.text import Line, terminal_lines, toned_lines

__all__ = [
    "Line",
    "class_page",
    "from_json",
    "json_text",
    "scores_csv",
    "student_page",
    "terminal_lines",
    "to_json",
    "toned_lines",
    "write_class",
    "write_student",
]
