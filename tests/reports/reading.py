"""How tests read what reports make: layers of a chart, shapes of a drawing, elements of a page, and plain words."""

import re
from html.parser import HTMLParser
from typing import NamedTuple

from reports import wording

VOID = {"meta", "br", "link", "img", "input", "hr"}
HOSTILE = "<script>alert('x')</script>\"><img src=x onerror=alert(1)> & {{ 7 * 7 }} {% endif %}"


def plain(text):
    """The text with ordinary spaces and minus signs, as it is typed."""
    return text.replace(wording.SPACE, " ").replace(wording.MINUS, "-")


class Layer(NamedTuple):
    """One layer of a chart: its kind of mark, its rows, and what each channel shows."""

    kind: str
    rows: list
    encoding: dict
    mark: dict


def layers(picture):
    """The layers of a chart, from the bottom to the top."""
    spec = picture.chart.to_dict()
    return [
        Layer(each["mark"]["type"], each.get("data", spec.get("data"))["values"], each["encoding"], each["mark"])
        for each in spec["layer"]
    ]


def layer(picture, kind):
    """The topmost layer with a kind of mark."""
    return [each for each in layers(picture) if each.kind == kind][-1]


def column(rows, name):
    """One field of all rows."""
    return [row[name] for row in rows]


def by(rows, *names):
    """Rows by the values of some fields, which must tell them apart."""
    found = {tuple(row[name] for name in names) if len(names) > 1 else row[names[0]]: row for row in rows}
    assert len(found) == len(rows)
    return found


def groups(svg, kind):
    """What stands inside the groups of one kind of mark of a drawing; legends and axes are no marks."""
    return re.findall(rf'<g class="mark-{kind} role-mark[^"]*"[^>]*>(.*?)</g>', svg, re.DOTALL)


def shapes(svg, kind):
    """Number of shapes of a kind of mark that were really drawn."""
    drawn = r"<line\b" if kind == "rule" else r"<path[^>]* d=\"[^\"]"
    return sum(len(re.findall(drawn, group)) for group in groups(svg, kind))


def written(svg):
    """All words of a drawing, each text as one string, a line that was broken joined again."""
    texts = re.findall(r"<text\b[^>]*>(.*?)</text>", svg, re.DOTALL)
    parted = [re.sub(r"</tspan>\s*<tspan\b[^>]*>", " ", text) for text in texts]
    return [plain(re.sub(r"<[^>]+>", "", text)) for text in parted]


class Element:
    """An element of a page with what stands in it."""

    def __init__(self, tag, attributes, parent):
        self.tag, self.attributes, self.parent, self.children = tag, attributes, parent, []

    @property
    def text(self):
        """All words inside, single spaces between them."""
        words = [child if isinstance(child, str) else child.text for child in self.children]
        return re.sub(r"\s+", " ", " ".join(words).replace(wording.SPACE, " ")).strip()

    def all(self, *tags):
        """Elements inside with one of these tags, in the order of the page."""
        found = []
        for child in self.children:
            if not isinstance(child, str):
                found += [child] if child.tag in tags else []
                found += child.all(*tags)
        return found

    def around(self, tag):
        """The nearest element around with a tag, or None."""
        above = self.parent
        while above is not None and above.tag != tag:
            above = above.parent
        return above


class Page(HTMLParser):
    """A page as a tree; an element that is closed out of turn or never is an error."""

    def __init__(self, text):
        super().__init__()
        self.root = self.here = Element("", {}, None)
        self.declarations = []
        self.feed(text)
        self.close()
        assert self.here is self.root, f"<{self.here.tag}> is never closed"

    def handle_decl(self, decl):
        self.declarations.append(decl)

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs), f"<{tag}> has an attribute twice"
        element = Element(tag, dict(attrs), self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag, attrs):
        self.here.children.append(Element(tag, dict(attrs), self.here))

    def handle_endtag(self, tag):
        assert self.here.tag == tag, f"</{tag}> inside <{self.here.tag}>"
        self.here = self.here.parent

    def handle_data(self, data):
        self.here.children.append(data)

    def section(self, name):
        """The section of a heading."""
        return next(each for each in self.root.all("section") if each.attributes.get("aria-labelledby") == name)

    def table(self, caption):
        """Rows of cells of the table whose caption begins with some words."""
        found = next(each for each in self.root.all("table") if each.all("caption")[0].text.startswith(caption))
        return [[cell.text for cell in row.all("th", "td")] for row in found.all("tr")]
