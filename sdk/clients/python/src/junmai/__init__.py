"""Client of Junmai, the real-time event host of a photo studio."""
from ._replies import RefusedError
from ._retry import Ended
from .client import Client, ClosedError

__all__ = ["Client", "ClosedError", "Ended", "RefusedError"]
__version__ = "0.1.0"
