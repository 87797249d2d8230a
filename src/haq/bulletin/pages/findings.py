"""The lists of findings: by kind with what the kind means, then one by one, the largest first."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from haq.bulletin.model import FindingsView
from haq.bulletin.pages import links
from haq.bulletin.pages.environment import Desk
from haq.bulletin.pages.listing import FOLDED, WARNING, finding_line, kinds_of, spread_words, weak_words
from haq.bulletin.pages.words import FINDINGS, finding_name

Counts = Mapping[tuple[str, str], int]


def findings_index_page(
    desk: Desk,
    counts: Counts | tuple[tuple[tuple[str, str], int], ...],
    spread: Mapping[str, tuple[int, int]] | None = None,
) -> str:
    """Write the list of the kinds of findings.

    Args:
        desk: the desk.
        counts: (contest, kind) -> how many; ``arithmetic:warning`` for warnings.
        spread: kind -> on how many protocols or sheets, of how many, over all contests.

    Returns:
        The HTML text.
    """
    _ = desk.gettext
    given: dict[tuple[str, str], int] = dict(counts)
    by_kind: dict[str, int] = {}
    for (_contest, kind), count in given.items():
        by_kind[kind] = by_kind.get(kind, 0) + count
    weak = by_kind.get(WARNING, 0)
    found = sum(count for kind, count in by_kind.items() if kind not in (WARNING, "not-declared"))
    kinds = kinds_of(desk, by_kind, spread)
    names = {kind: line.name for kind, line in zip(_order(by_kind), kinds, strict=True)}
    contests = [c.key for c in desk.context.election.contests]
    lead = (
        desk.ngettext(
            "%(num)s finding that asks for an explanation.",
            "%(num)s findings that ask for an explanation.",
            found,
        )
        if found
        else _("Nothing has been found that asks for an explanation.")
    )
    return desk.page(
        "findings_index.html",
        links.FINDINGS,
        title=_("Findings"),
        description=lead,
        active="findings",
        lead=lead,
        kinds=kinds,
        contests=[desk.contest(key) for key in contests] if len(contests) > 1 and kinds else [],
        matrix=[
            {"name": name, "counts": [given.get((contest, kind), 0) for contest in contests]}
            for kind, name in names.items()
        ],
        warnings=weak_words(desk, weak) if weak else Markup(),
        warnings_spread=spread_words(desk, WARNING, (spread or {}).get(WARNING)),
        warnings_href=links.findings_path(WARNING),
    )


def _order(by_kind: Mapping[str, int]) -> list[str]:
    known = [kind for kind in FINDINGS if kind != WARNING and by_kind.get(kind)]
    return known + sorted(kind for kind, n in by_kind.items() if kind not in FINDINGS and n)


def _caption(desk: Desk, view: FindingsView) -> Markup:
    """Say how many findings of a kind there are, and on how many sheets."""
    if view.kind == WARNING:
        caption = desk.ngettext("%(num)s warning", "%(num)s warnings", view.count)
    elif view.kind.startswith("arithmetic"):
        caption = desk.ngettext("%(num)s finding", "%(num)s findings", view.count)
    else:
        caption = desk.ngettext(
            "%(num)s finding, the largest difference first",
            "%(num)s findings, the largest difference first",
            view.count,
        )
    if spread := spread_words(desk, view.kind, view.spread):
        # The rules broken are counted in the same breath as the sheets that break them.
        joined, count = ("{} {}", desk.number(view.count)) if view.kind in FOLDED else ("{}; {}", caption)
        return Markup(joined).format(count, spread)  # noqa: S704 (both forms stand here)
    return caption


def findings_page(desk: Desk, view: FindingsView) -> str:
    """Write a page of the list of findings of one kind.

    Args:
        desk: the desk.
        view: the findings of this page, the largest first.

    Returns:
        The HTML text.
    """
    _ = desk.gettext
    path = links.findings_path(view.kind, view.page)
    root = links.root_of(path)
    name = finding_name(desk, view.kind)
    words = _(FINDINGS[view.kind][1]) if view.kind in FINDINGS else Markup()
    captions = [_caption(desk, view)] if view.page == 1 else []
    if view.pages > 1:
        captions.append(_("page %(page)s of %(pages)s", page=view.page, pages=view.pages))
    caption = Markup("; ").join(captions)
    lines = [finding_line(desk, row) for row in view.rows]
    return desk.page(
        "findings.html",
        path,
        title=name,
        description=Markup("{} {}").format(caption, words),
        active="findings",
        name=name,
        words=words,
        weak=view.kind == WARNING,
        caption=caption,
        rows=[line for line in lines if not line.care],
        careful=[line for line in lines if line.care],
        several=len(desk.context.election.contests) > 1,
        page=view.page,
        pages=view.pages,
        path_of=lambda n: root + links.findings_path(view.kind, n),
    )
