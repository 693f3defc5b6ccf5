"""The few variables a confined process starts with: none of ours, none of the user's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gradetape.errors import GradeTapeError

HARMLESS = frozenset(
    {
        "CUDA_VISIBLE_DEVICES",
        "JAX_PLATFORMS",
        "KERAS_BACKEND",
        "LD_LIBRARY_PATH",
        "TFDS_DATA_DIR",
        "TF_DETERMINISTIC_OPS",
        "TF_ENABLE_ONEDNN_OPTS",
        "XLA_FLAGS",
    }
)
THREAD_COUNTS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)
NO_ACCELERATOR = ("", "-1")


def clean_environment(folder: Path, threads: int, token: str, extra: Mapping[str, str]) -> dict[str, str]:
    """All variables of a run whose folder is `folder`. `token` marks its processes so that none is overlooked."""
    if unknown := sorted(set(extra) - HARMLESS):
        raise GradeTapeError(
            f"sandbox: the variable {', '.join(unknown)} may not enter a confined run; allowed are "
            f"{', '.join(sorted(HARMLESS))}. Put what the probe needs into the job's request."
        )
    home, scratch = str(folder / "home"), str(folder / "scratch")
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": home,
        "TMPDIR": scratch,
        "KERAS_HOME": str(folder / "home" / ".keras"),
        "MPLCONFIGDIR": home,
        "MPLBACKEND": "Agg",
        "XDG_CACHE_HOME": scratch,
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",  # sets of strings iterate alike in every run
        "PYTHONSAFEPATH": "1",  # a submission named json.py must not stand in for ours
        "PYTHONUNBUFFERED": "1",  # what was printed before a crash is kept
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_FORCE_GPU_ALLOW_GROWTH": "true",
        "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
        "GRADETAPE_RUN": token,
        **{name: str(threads) for name in THREAD_COUNTS},
        **extra,
    }


def may_see_accelerator(extra: Mapping[str, str]) -> bool:
    """Whether a GPU may be used: its drivers map far more addresses than they use memory."""
    if extra.get("CUDA_VISIBLE_DEVICES", "all").strip() in NO_ACCELERATOR:
        return False
    return Path("/dev/nvidiactl").exists() or Path("/dev/kfd").exists()
