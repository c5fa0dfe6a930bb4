"""The events of a Junmai host, written by `junmai codegen python` from what its plugins declare.

Write it again rather than change it.
"""
from typing import Any, Literal, NotRequired, TypedDict, Union

Channel = Literal[
    "system",
]

# Something failed that an operator should know of.
ErrorOccurred = TypedDict("ErrorOccurred", {
    "type": Literal["error_occurred"],
    "timestamp": str,
    "channel": NotRequired[Channel],
    "seq": int,
    # what kind of error: store_full, plugin_refused, …
    "error_type": str,
    # one sentence for the operator
    "error_message": str,
    # facts that help to find the cause
    "error_details": dict[str, Any],
    # the job that failed
    "job_id": NotRequired[str],
    # the photograph it was about
    "photo_id": NotRequired[int],
})

Event = Union[
    ErrorOccurred,
]
