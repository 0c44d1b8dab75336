"""Writes program.json: what samples/chapter/attention.py computes, with seventeen digits.

Run from the repository's root with NumPy: python test/reference/program/make_program.py
"""

import importlib.util
import json
import pathlib

spec = importlib.util.spec_from_file_location("attention", "samples/chapter/attention.py")
program = importlib.util.module_from_spec(spec)
spec.loader.exec_module(program)

stages = {name: values.ravel().tolist() for name, values in program.run().items()}
place = pathlib.Path(__file__).with_name("program.json")
place.write_text(json.dumps({"width": program.WIDTH, "stages": stages}) + "\n")
