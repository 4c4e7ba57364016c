// What is wider than its place: the page, or something in it that does not scroll.
(() => {
  const told = [];
  if (document.documentElement.scrollWidth > innerWidth) told.push(`page ${document.documentElement.scrollWidth}`);
  for (const each of document.querySelectorAll("main *")) {
    const { overflowX } = getComputedStyle(each);
    const hidden = each.closest(".canvas-frame, .skip, .unseen, svg, select") || each.clientWidth < 2;
    if (!hidden && overflowX === "visible" && each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1) {
      told.push(`${each.tagName} ${each.className} ${each.scrollWidth} > ${each.clientWidth}`);
    }
  }
  return told;
})();
