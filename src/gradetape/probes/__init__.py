"""What runs behind the wall, in a process of its own: `python -m gradetape.probes <name> …`, imported by nobody.

Each module here is a probe: it reads its request, looks at the student's program, and sends plain facts and arrays.
"""
