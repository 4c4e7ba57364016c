"""STL and 3MF: written so that the same part always makes the same bytes, and STL read back."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

import numpy as np

from buffycoat.adapter.mesh import Mesh, mesh_of
from buffycoat.errors import UnreadableFormat

__all__ = ["read_stl", "write_3mf", "write_stl"]

_HEADER = 84
_TRIANGLE = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
_DATE = (1980, 1, 1, 0, 0, 0)
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Target="/3D/3dmodel.model" Id="rel0" '
    'Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/></Relationships>'
)


def write_stl(mesh: Mesh, name: str) -> bytes:
    """Return a part as binary STL; millimeters by custom, as the format knows no unit."""
    corners = mesh.corners
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    rows = np.zeros(len(corners), dtype=_TRIANGLE)
    rows["normal"] = normals / np.maximum(np.linalg.norm(normals, axis=1), 1e-12)[:, None]
    rows["corners"] = corners
    header = f"buffycoat adapter {name} mm".encode("ascii", "replace")[:80].ljust(80)
    return header + np.uint32(len(rows)).tobytes() + rows.tobytes()


def read_stl(content: bytes, name: str) -> Mesh:
    """Return what a binary STL holds.

    Raises
    ------
    UnreadableFormat
        If it is none, or cut short.
    """
    count = int(np.frombuffer(content[80:84], "<u4")[0]) if len(content) >= _HEADER else -1
    if count < 1 or len(content) != _HEADER + count * _TRIANGLE.itemsize:
        raise UnreadableFormat(f"{name} is no binary STL", expected="84 bytes and 50 for each triangle")
    rows = np.frombuffer(content, _TRIANGLE, offset=_HEADER)
    return mesh_of(rows["corners"].astype(np.float64), weld=1e-3)


def write_3mf(mesh: Mesh, name: str) -> bytes:
    """Return a part as 3MF (3MF core specification 1.3), in millimeters."""
    points = "".join(f'<vertex x="{x:.4f}" y="{y:.4f}" z="{z:.4f}"/>' for x, y, z in mesh.points.tolist())
    faces = "".join(f'<triangle v1="{a}" v2="{b}" v3="{c}"/>' for a, b, c in mesh.faces.tolist())
    model = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<model unit="millimeter" xml:lang="en-US" xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02">'
        f'<metadata name="Title">{escape(name)}</metadata><resources><object id="1" type="model" name="{escape(name)}">'
        f"<mesh><vertices>{points}</vertices><triangles>{faces}</triangles></mesh></object></resources>"
        '<build><item objectid="1"/></build></model>'
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, text in (("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELATIONS), ("3D/3dmodel.model", model)):
            entry = zipfile.ZipInfo(path, date_time=_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text)
    return packed.getvalue()
