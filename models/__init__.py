"""Local models behind protocols; importing this package closes every route to a model hub.

The switches are set before any third-party import can read them, and they override what
the environment says: a vault never asks the network for weights, counters or updates.
"""

import os
import sys

OFFLINE_ENVIRONMENT = {
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_OFFLINE": "1",
}

os.environ.update(OFFLINE_ENVIRONMENT)

# OpenVINO reports every import to its maker unless this package of its is absent.
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
