"""Text to resources: reads the project file and the manifests, and says all that is wrong with them."""

from reconciler.manifest.composition import Vendor
from reconciler.manifest.folder import find_project
from reconciler.manifest.load import Loaded, load, load_project
from reconciler.manifest.locate import locate

__all__ = ["Loaded", "Vendor", "find_project", "load", "load_project", "locate"]
