"""Strongroom: a private knowledge vault whose answers can be proved.

Importing this package first of all forbids the libraries below it to call home.
"""

import os

__version__ = "0.1.0"

_OFFLINE = {
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "OTEL_SDK_DISABLED": "true",
    "SCARF_NO_ANALYTICS": "true",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_OFFLINE": "1",
    "UNSTRUCTURED_DISABLE_NOTICE": "1",
}

os.environ.update(_OFFLINE)

# Threads that wait by spinning starve their neighbours on a busy machine.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
