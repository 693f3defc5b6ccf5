"""Which devices the Keras backend sees, asked in a process of its own so that ours need not import it."""

from __future__ import annotations

import importlib
import os
from typing import Any

from gradetape.probes import channel

Device = dict[str, str]


def devices(backend: str) -> list[Device]:
    """Kind, name and model of each device that `backend` could compute on."""
    if backend == "jax":
        return [_described(device.platform, str(device), device.device_kind) for device in _library("jax").devices()]
    if backend == "torch":
        return _of_torch(_library("torch"))
    return _of_tensorflow(_library("tensorflow"))


def _of_tensorflow(tensorflow: Any) -> list[Device]:
    found = []
    for device in tensorflow.config.list_physical_devices():
        details = tensorflow.config.experimental.get_device_details(device) if device.device_type == "GPU" else {}
        found.append(_described(device.device_type, device.name, details.get("device_name", "")))
    return found


def _of_torch(torch: Any) -> list[Device]:
    graphics = [
        _described("GPU", f"cuda:{number}", torch.cuda.get_device_name(number))
        for number in range(torch.cuda.device_count())
    ]
    return [_described("CPU", "cpu", ""), *graphics]


def _described(kind: str, name: str, model: str) -> Device:
    return {"kind": kind.upper(), "name": name, "model": model}


def _library(name: str) -> Any:
    return importlib.import_module(name)


def main() -> None:
    """Sends the backend's name, its devices, and which library is missing, if one is."""
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    try:
        channel.send({"backend": backend, "devices": devices(backend), "missing": ""})
    except ImportError as reason:
        channel.send({"backend": backend, "devices": [], "missing": reason.name or backend})


if __name__ == "__main__":
    main()
