"""Reads pictures as a program does that knows XML alone."""

from collections import Counter
from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"


class Drawn:
    """What is in a picture; parsing it proves that it is well-formed."""

    def __init__(self, svg: str) -> None:
        self.root = ET.fromstring(svg)

    @property
    def title(self) -> str:
        return self._only("title")

    @property
    def sentences(self) -> list[str]:
        return self._only("desc").split("\n")

    @property
    def words(self) -> list[str]:
        return [str(each.text) for each in self.root.iter(f"{SVG}text")]

    @property
    def shapes(self) -> Counter[str]:
        """How many of each, by name and class: `circle.first`."""
        return Counter(
            f"{each.tag.removeprefix(SVG)}.{each.get('class')}"
            for each in self.root.iter()
            if each.get("class") not in {None, "paper"} and each.tag != f"{SVG}text"
        )

    def all(self, shape: str) -> list[ET.Element]:
        name, look = shape.split(".")
        return [each for each in self.root.iter(f"{SVG}{name}") if each.get("class") == look]

    def _only(self, name: str) -> str:
        (found,) = self.root.findall(f"{SVG}{name}")
        assert found.get("id") in str(self.root.get("aria-labelledby")).split()
        return str(found.text)


def assert_sound(svg: str) -> None:
    """It stands alone and runs nothing; everything that is drawn lies on the paper."""
    root = ET.fromstring(svg)
    names = {each.tag.removeprefix(SVG) for each in root.iter()}
    assert names <= {
        "svg", "title", "desc", "style", "rect", "text", "line", "path", "polyline", "polygon",
        "circle",
    }  # fmt: skip
    assert root.get("role") == "img"
    attributes = [pair for each in root.iter() for pair in each.attrib.items()]
    assert not [name for name, _ in attributes if name.startswith("on") or "href" in name]
    assert not [value for _, value in attributes if "url(" in value or "javascript" in value]
    style = root.find(f"{SVG}style")
    assert style is not None
    assert not [word for word in ("url(", "@import", "<", "expression") if word in str(style.text)]
    _, _, width, height = map(float, str(root.get("viewBox")).split())
    for each in root.iter():
        for names_of, most in ((("x", "cx", "x1", "x2"), width), (("y", "cy", "y1", "y2"), height)):
            for name in names_of:
                assert 0 <= float(each.get(name, "0")) <= most, (each.tag, each.attrib)
