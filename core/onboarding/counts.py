"""What applying a pack did, part by part."""

from dataclasses import asdict, dataclass


@dataclass(slots=True)
class Counts:
    """Rows of one part: made, changed, and already as the pack says."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def add(self, outcome: str) -> None:
        """Count one row more: `created`, `updated` or `unchanged`."""
        setattr(self, outcome, getattr(self, outcome) + 1)

    def as_dict(self) -> dict[str, int]:
        """For the JSON answer."""
        return asdict(self)
