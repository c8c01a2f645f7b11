"""Writer of the list of bpost's parts (SBOM): `python -m tools.sbom`. The wheel has the list in `.dist-info/sboms/` (PEP 770).

The list is in the format CycloneDX 1.6. It has the packages that bpost needs of the lock file, the hashes of all their files, and
their dependencies. It contains neither a time nor a machine's name, so the same lock file gives the same list.
"""

from __future__ import annotations

import sys
from importlib.metadata import Distribution
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from tools.lock_file import NAME, ROOT, Pin, needed, pins, version

PATH = "packaging/bpost-tui.cdx.json"


def main() -> int:
    """Write the list."""
    write(ROOT)
    return 0


def write(root: Path) -> None:
    """Write the list for the source in `root`."""
    (root / PATH).write_text(sbom(root), encoding="utf-8")


def sbom(root: Path = ROOT) -> str:
    """Return the list as JSON.

    Raises:
        KeyError: The lock file lacks a needed package.
    """
    locked, graph = pins(root), needed()
    bpost = Pin(NAME, version(root), ())
    made = {
        name: _component(bpost if name == NAME else locked[name], installed, ComponentType.APPLICATION if name == NAME else None)
        for name, (installed, _) in sorted(graph.items())
    }
    bom = Bom(components=[component for name, component in made.items() if name != NAME])
    bom.metadata.component = made[NAME]
    bom.metadata.timestamp = None  # type: ignore[assignment]  # the schema doesn't ask for it
    for name, (_, needs) in graph.items():
        bom.register_dependency(made[name], [made[each] for each in needs])
    pinned = "".join(f"{pin}" for pin in (bpost, *(locked[name] for name in sorted(graph) if name != NAME)))
    bom.serial_number = uuid5(NAMESPACE_URL, pinned)
    return f"{JsonV1Dot6(bom).output_as_string(indent=1)}\n"


def _component(pin: Pin, installed: Distribution, kind: ComponentType | None) -> Component:
    purl = PackageURL("pypi", name=pin.name, version=pin.version)
    licence = str(installed.metadata.json.get("license_expression") or installed.metadata.json.get("license", ""))
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(f"https://pypi.org/project/{pin.name}/{pin.version}/#files"),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in pin.sha256s],
    )
    return Component(
        type=kind or ComponentType.LIBRARY,
        name=pin.name,
        version=pin.version,
        bom_ref=str(purl),
        purl=purl,
        licenses=[LicenseFactory().make_from_string(licence)] if len(licence.splitlines()) == 1 else [],
        external_references=[files] if pin.sha256s else [],
    )


if __name__ == "__main__":
    sys.exit(main())
