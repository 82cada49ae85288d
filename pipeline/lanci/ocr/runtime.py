"""Running ONNX models on the CPU: by onnxruntime, or by OpenVINO where that is installed."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from lanci.errors import MissingProgramError

RUNTIMES = ("onnxruntime", "openvino")

Tensor = NDArray[np.float32]


class Model(Protocol):
    """A loaded network with one input and one output.

    Attributes:
        metadata: what the ONNX file says of itself.
        width: size of the output's last dimension, 0 where it depends on the input.
    """

    metadata: Mapping[str, str]
    width: int

    def run(self, tensor: Tensor) -> Tensor:
        """The output for one input."""


def load_model(path: Path, threads: int, runtime: str = RUNTIMES[0]) -> Model:
    """Load a model with fixed thread counts, silently.

    Args:
        path: an ONNX file.
        threads: threads within one run.
        runtime: one of :data:`RUNTIMES`.

    Raises:
        MissingProgramError: there is no such model file, or the runtime is not installed.
    """
    if runtime == "openvino":
        return _OpenVinoModel(_existing(path), threads)
    return _OnnxModel(_make_session(path, threads))


def runtime_version(runtime: str) -> str:
    """Name and version of a runtime for the output's ``software``."""
    return f"{runtime} {package_version(runtime)}"


def read_metadata(path: Path) -> Mapping[str, str]:
    """What an ONNX file says of itself.

    Raises:
        MissingProgramError: there is no such model file.
    """
    return _session_to_metadata(_make_session(path, 1))


def _session_to_metadata(session: Any) -> Mapping[str, str]:
    metadata: dict[str, str] = session.get_modelmeta().custom_metadata_map
    return metadata


def _make_session(path: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 4
    # Waiting threads that spin take the processor from other documents that are read side by side.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Pictures come in many sizes: an arena that never shrinks would keep the largest. It would save 2 % of the time.
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(str(_existing(path)), options, providers=["CPUExecutionProvider"])


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise MissingProgramError(
            f"the model {path.name} is not in {path.parent}; reinstall rapidocr or give another model folder"
        )
    return path


class _OnnxModel:
    def __init__(self, session: Any) -> None:
        self._session = session
        self._input = session.get_inputs()[0].name
        self.metadata = _session_to_metadata(session)
        last = session.get_outputs()[0].shape[-1]
        self.width = last if isinstance(last, int) else 0

    def run(self, tensor: Tensor) -> Tensor:
        output: Tensor = self._session.run(None, {self._input: tensor})[0]
        return output


class _OpenVinoModel:
    def __init__(self, path: Path, threads: int) -> None:
        if importlib.util.find_spec("openvino") is None:
            raise MissingProgramError("OpenVINO is not installed; run: pip install 'lanci[openvino]'")
        import openvino

        settings = {
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": 1,
            # In half precision, which newer processors would choose, readings differ from machine to machine.
            "INFERENCE_PRECISION_HINT": "f32",
        }
        compiled = openvino.Core().compile_model(path, "CPU", settings)
        self.metadata = read_metadata(path)
        self.width = 0 if (last := compiled.output(0).partial_shape[-1]).is_dynamic else int(last.get_length())
        self._request = compiled.create_infer_request()

    def run(self, tensor: Tensor) -> Tensor:
        # Copied, because the request writes its next output to the same place.
        return np.array(self._request.infer([tensor])[0], dtype=np.float32)
