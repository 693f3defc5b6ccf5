"""The wall: runs one submission apart from us and lets only strict JSON and arrays come back.

    outcome = run(Job(probe="keras_classifier", request={...}, files={"submission.py": source}))

The student's code runs in a fresh process with a clean environment and limits on time, memory and output.
Neither its exit code nor what it prints is ever read as a score.
"""

from gradetape.sandbox.job import Job, Limits, Outcome
from gradetape.sandbox.running import LEVEL, LEVELS, Stopped, run, stop_all

__all__ = ["LEVEL", "LEVELS", "Job", "Limits", "Outcome", "Stopped", "run", "stop_all"]
