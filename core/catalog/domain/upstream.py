"""Find the refinements a layer must reconsider after the layers above changed (pure)."""

from dataclasses import dataclass

from core.catalog.domain.changes import JsonValue
from core.catalog.domain.inheritance import EffectiveCatalog, EffectiveItem, Refinement


@dataclass(frozen=True, slots=True)
class UpstreamChange:
    """A refined field whose upstream value is no longer the refinement's base.

    Three values to compare: `base` (above, when it was refined), `upstream` (above, now) and
    `local`. Where `local` has become equal to `upstream` the refinement can go.
    """

    item_id: str
    field: str
    base: JsonValue
    upstream: JsonValue
    local: JsonValue

    @property
    def id(self) -> str:
        """Name of the change in commands and forms; stable while it waits."""
        return f"{self.item_id}:{self.field}"

    @property
    def redundant(self) -> bool:
        """Whether the local value says the same as the layer above."""
        return self.local == self.upstream


def list_upstream_changes(catalog: EffectiveCatalog, tenant_code: str) -> list[UpstreamChange]:
    """List the refinements of one tenant's layer that wait for a decision, in catalog order."""
    return [
        UpstreamChange(item.item_id, name, refinement.base, item.upstream(name), refinement.value)
        for item in catalog.items.values()
        for name, refinement in item.refinements.items()
        if _waits(item, name, refinement, tenant_code)
    ]


def _waits(item: EffectiveItem, name: str, refinement: Refinement, tenant_code: str) -> bool:
    if refinement.source.tenant != tenant_code or item.defined.tenant == tenant_code:
        return False
    upstream = item.upstream(name)
    return upstream != refinement.base or refinement.value == upstream
