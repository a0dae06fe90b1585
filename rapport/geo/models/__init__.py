"""Parts of the market, and which of them a company belongs to."""

from rapport.geo.models.placing import CompanyPlacing
from rapport.geo.models.territory import Territory

__all__ = ["CompanyPlacing", "Territory"]
