"""Writes npy.json: the SHA-256 of what NumPy itself writes for a few arrays, in NPY format 1.0."""

import hashlib
import io
import json
from pathlib import Path

import numpy as np

cases = []
for shape in [(3,), (2, 3), (4, 1, 2), (12, 7)]:
    count = int(np.prod(shape))
    values = (np.arange(count, dtype=np.float32) - 2) / np.float32(7)
    stream = io.BytesIO()
    np.lib.format.write_array(stream, values.reshape(shape), version=(1, 0))
    cases.append(
        {
            "shape": list(shape),
            "values": [float(value) for value in values],
            "sha256": hashlib.sha256(stream.getvalue()).hexdigest(),
        }
    )

Path(__file__).with_name("npy.json").write_text(json.dumps(cases) + "\n")
print("numpy", np.__version__)
